/** Options that several commands share; depends on {@code jobs.files}. */
@NullMarked
package org.promptembeds.jobs.options;

import org.jspecify.annotations.NullMarked;
