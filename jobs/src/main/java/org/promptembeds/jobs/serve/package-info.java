/**
 * The OpenAI-compatible server: HTTP in and out, over any generation backend; depends on the
 * connector's public types, on Jackson and on Netty, which every Spark brings along.
 */
@NullMarked
package org.promptembeds.jobs.serve;

import org.jspecify.annotations.NullMarked;
