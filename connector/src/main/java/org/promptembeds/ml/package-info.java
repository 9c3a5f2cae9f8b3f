/**
 * The Spark ML transformer, a front of the SQL functions; needs spark-mllib, which nothing else
 * does.
 */
@NullMarked
package org.promptembeds.ml;

import org.jspecify.annotations.NullMarked;
