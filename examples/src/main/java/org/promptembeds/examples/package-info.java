/**
 * Small programs, one idea each, which {@code examples/run} starts by name; they use what the other
 * modules offer to everybody.
 */
@NullMarked
package org.promptembeds.examples;

import org.jspecify.annotations.NullMarked;
