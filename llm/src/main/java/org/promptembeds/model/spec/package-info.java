/** The architecture of a decoder as records without input or output; depends on nothing. */
@NullMarked
package org.promptembeds.model.spec;

import org.jspecify.annotations.NullMarked;
