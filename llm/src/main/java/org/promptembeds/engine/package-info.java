/**
 * Continuous batching: sequences, KV space, scheduler, step plans and the engine loop; depends on
 * {@code generation} and the JDK, and knows neither Spark nor DJL.
 */
@NullMarked
package org.promptembeds.engine;

import org.jspecify.annotations.NullMarked;
