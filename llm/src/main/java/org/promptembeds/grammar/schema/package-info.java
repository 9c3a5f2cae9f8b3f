/**
 * JSON Schema as a grammar of the values that fulfil it; depends on {@code grammar.automaton},
 * {@code grammar.text} and Jackson.
 */
@NullMarked
package org.promptembeds.grammar.schema;

import org.jspecify.annotations.NullMarked;
