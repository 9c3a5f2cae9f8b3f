/**
 * The command line: one class per command, and what they share; depends on the connector's public
 * types.
 */
@NullMarked
package org.promptembeds.jobs;

import org.jspecify.annotations.NullMarked;
