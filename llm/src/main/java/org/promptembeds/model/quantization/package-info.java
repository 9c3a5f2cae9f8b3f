/**
 * Weights in few bits: how checkpoints hold them, and how they are made of numbers; depends on
 * {@code model.weights}, {@code generation} and {@code tensor}.
 */
@NullMarked
package org.promptembeds.model.quantization;

import org.jspecify.annotations.NullMarked;
