/**
 * LoRA adapters as the library PEFT saves them: what they say, what they change of a decoder and
 * their matrices; depends on {@code model.config}, {@code generation} and {@code tensor}.
 */
@NullMarked
package org.promptembeds.model.adapter;

import org.jspecify.annotations.NullMarked;
