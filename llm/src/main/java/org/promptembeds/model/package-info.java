/**
 * The Hugging Face model directory: configuration, weights index, tokenizer; depends on {@code
 * tensor} and {@code generation}.
 */
@NullMarked
package org.promptembeds.model;

import org.jspecify.annotations.NullMarked;
