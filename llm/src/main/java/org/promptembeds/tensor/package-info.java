/** Tensor values and their file formats; depends on the JDK alone. */
@NullMarked
package org.promptembeds.tensor;

import org.jspecify.annotations.NullMarked;
