/**
 * A Jinja interpreter with Python's semantics, as chat templates need it; depends on the JDK only.
 *
 * <p>{@link org.promptembeds.jinja.Template} is the door. A template sees the values it is given
 * and nothing else: there is no reflection, so there is no Java to reach. Every rendering runs
 * under a budget of steps and of allocated text.
 *
 * <p>The path of a template: {@code Lexer} makes tokens, {@code StatementParser} and {@code
 * ExpressionParser} make a tree of {@code Statement} and {@code Expression} nodes, which render and
 * evaluate themselves in a {@code Frame}.
 */
@NullMarked
package org.promptembeds.jinja;

import org.jspecify.annotations.NullMarked;
