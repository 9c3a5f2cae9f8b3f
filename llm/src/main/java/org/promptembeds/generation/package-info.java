/**
 * The seam between those who ask for text and those who make it: request, parameters, result,
 * backend; depends on {@code tensor}.
 */
@NullMarked
package org.promptembeds.generation;

import org.jspecify.annotations.NullMarked;
