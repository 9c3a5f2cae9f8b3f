/**
 * What Spark holds as plain values: embeddings of rows and batches, options of expressions, the
 * session's settings, Scala's sequences and products; depends on {@code options}, {@code
 * generation} and {@code tensor}.
 */
@NullMarked
package org.promptembeds.sql.values;

import org.jspecify.annotations.NullMarked;
