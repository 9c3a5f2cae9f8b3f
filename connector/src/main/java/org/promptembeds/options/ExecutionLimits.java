package org.promptembeds.options;

import java.io.Serializable;
import java.time.Duration;

/**
 * How an executor treats the rows and backends of a query.
 *
 * @param maxInFlightBytes most bytes of rows under way in one executor; 0 is a quarter of its heap
 * @param idleTimeout how long a backend without tasks stays loaded
 */
public record ExecutionLimits(long maxInFlightBytes, Duration idleTimeout)
    implements Serializable {}
