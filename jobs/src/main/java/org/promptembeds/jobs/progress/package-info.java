/** How far a job is, on the console; depends on Spark alone. */
@NullMarked
package org.promptembeds.jobs.progress;

import org.jspecify.annotations.NullMarked;
