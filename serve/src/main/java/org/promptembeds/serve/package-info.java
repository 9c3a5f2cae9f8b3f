/**
 * The OpenAI-compatible server: HTTP in and out, over any generation backend; depends on the module
 * {@code llm}, on Jackson and on Netty, which every Spark brings along.
 */
@NullMarked
package org.promptembeds.serve;

import org.jspecify.annotations.NullMarked;
