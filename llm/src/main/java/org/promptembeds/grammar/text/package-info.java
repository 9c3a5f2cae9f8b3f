/**
 * Sets of texts as automata over code points: regular expressions, formats, ranges of numbers and
 * how they are spelled in JSON; and grammars that are written as text; depends on {@code
 * grammar.automaton} and Lucene's automata.
 */
@NullMarked
package org.promptembeds.grammar.text;

import org.jspecify.annotations.NullMarked;
