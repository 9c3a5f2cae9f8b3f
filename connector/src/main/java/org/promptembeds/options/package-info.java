/**
 * Option keys, types, defaults and documentation, parsed into immutable records; depends on {@code
 * generation} for what they become.
 */
@NullMarked
package org.promptembeds.options;

import org.jspecify.annotations.NullMarked;
