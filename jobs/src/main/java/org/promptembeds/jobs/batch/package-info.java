/**
 * Batch files of OpenAI's API on Spark: their parts, the tasks that answer them, and what they are
 * put together to; depends on {@code serve} and {@code executor}.
 */
@NullMarked
package org.promptembeds.jobs.batch;

import org.jspecify.annotations.NullMarked;
