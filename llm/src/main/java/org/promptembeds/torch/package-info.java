/**
 * Runs the decoder through DJL's PyTorch engine, and is its only importer; depends on {@code
 * engine} and {@code model}.
 */
@NullMarked
package org.promptembeds.torch;

import org.jspecify.annotations.NullMarked;
