/**
 * The command line: one class per command; depends on its rooms, the connector's public types and
 * the server.
 */
@NullMarked
package org.promptembeds.jobs;

import org.jspecify.annotations.NullMarked;
