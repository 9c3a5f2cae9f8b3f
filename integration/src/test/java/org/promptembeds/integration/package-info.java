/**
 * Tests of the packaged jars as users deploy them: Spark in processes of its own, the bundle passed
 * with {@code --jars}. The class path of this module is that of a Spark Connect client.
 */
@NullMarked
package org.promptembeds.integration;

import org.jspecify.annotations.NullMarked;
