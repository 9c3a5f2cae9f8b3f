/** The public entry: column functions and registration; depends on {@code sql}. */
@NullMarked
package org.promptembeds;

import org.jspecify.annotations.NullMarked;
