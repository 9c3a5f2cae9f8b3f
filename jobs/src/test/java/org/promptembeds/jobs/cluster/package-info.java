/** Tests of what happens when processes die: several JVMs, stopped at chosen points by files. */
@NullMarked
package org.promptembeds.jobs.cluster;

import org.jspecify.annotations.NullMarked;
