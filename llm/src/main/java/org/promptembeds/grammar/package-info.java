/**
 * Structured output: a schema, a regular expression, a list of choices or a grammar as what says
 * which tokens can come next; depends on its rooms, {@code generation} and {@code tensor}.
 */
@NullMarked
package org.promptembeds.grammar;

import org.jspecify.annotations.NullMarked;
