/**
 * Pushdown automata over bytes: rules that call one another, whose leaves are deterministic byte
 * automata, and the states that a reader of them can be in; depends on Lucene's automata and the
 * JDK.
 */
@NullMarked
package org.promptembeds.grammar.automaton;

import org.jspecify.annotations.NullMarked;
