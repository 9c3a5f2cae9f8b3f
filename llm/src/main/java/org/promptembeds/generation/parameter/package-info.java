/**
 * The table of sampling parameters, from which every surface that takes them is made: SQL, Spark
 * ML, the command line, the server, requests to servers and the documentation; depends on the JDK.
 */
@NullMarked
package org.promptembeds.generation.parameter;

import org.jspecify.annotations.NullMarked;
