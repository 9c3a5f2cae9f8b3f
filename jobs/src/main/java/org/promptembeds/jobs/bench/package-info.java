/**
 * Measures generation: workloads, the runs that they are given to, and what is reported of them.
 * May use the executor, the engine, models and tensors, and Spark for the run through it.
 */
@NullMarked
package org.promptembeds.jobs.bench;

import org.jspecify.annotations.NullMarked;
