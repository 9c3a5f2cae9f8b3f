/**
 * The tensors of a model directory, in whatever files they lie; depends on {@code model.config},
 * {@code generation} and {@code tensor}.
 */
@NullMarked
package org.promptembeds.model.weights;

import org.jspecify.annotations.NullMarked;
