/** Option keys, types, defaults and documentation, parsed into immutable records. */
@NullMarked
package org.promptembeds.options;

import org.jspecify.annotations.NullMarked;
