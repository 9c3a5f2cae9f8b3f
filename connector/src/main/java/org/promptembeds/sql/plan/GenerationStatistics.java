package org.promptembeds.sql.plan;

import java.math.BigInteger;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Statistics;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.promptembeds.sql.values.Seqs;
import scala.math.BigInt;

/**
 * What {@link EmbedsGeneration} expects to hand on. Spark takes an array to be as long as one
 * element, so that embeddings would seem the smallest of columns, and a result without them as
 * large as the table.
 */
final class GenerationStatistics {
  /** What embeddings are taken for at least, in bytes: 4 positions of 1,024 float32. */
  private static final int EMBEDS_BYTES = 16 << 10;

  /** What a result is taken for, in bytes: some hundred tokens. */
  private static final int RESULT_BYTES = 512;

  private static final int ROW_OVERHEAD_BYTES = 8;

  private GenerationStatistics() {}

  static Statistics of(EmbedsGeneration generation) {
    Statistics input = generation.child().stats();
    AttributeSet embeds = embeds(generation);
    BigInteger size = input.sizeInBytes().bigInteger();
    BigInteger rows = rows(generation.child(), embeds);
    List<Attribute> kept = generation.passThrough();
    boolean keepsEmbeds = kept.stream().anyMatch(embeds::contains);
    BigInteger keptSize = keepsEmbeds ? size : rows.multiply(width(kept, embeds)).min(size);
    BigInteger results =
        rows.multiply(BigInteger.valueOf((long) generation.columns().size() * RESULT_BYTES));
    return new Statistics(
        new BigInt(keptSize.add(results).max(BigInteger.ONE)),
        input.rowCount(),
        input.attributeStats(),
        input.isRuntime());
  }

  /**
   * Rows of {@code child}: counted, or as many as embeddings fit into its size, up to its limit.
   */
  private static BigInteger rows(LogicalPlan child, AttributeSet embeds) {
    Statistics stats = child.stats();
    BigInteger rows =
        stats.rowCount().isDefined()
            ? stats.rowCount().get().bigInteger()
            : stats
                .sizeInBytes()
                .bigInteger()
                .divide(width(Seqs.list(child.output()), embeds))
                .max(BigInteger.ONE);
    return child.maxRows().isDefined()
        ? rows.min(BigInteger.valueOf((Long) child.maxRows().get()))
        : rows;
  }

  /** Columns of the child that embeddings are made of, but for texts that are embedded. */
  private static AttributeSet embeds(EmbedsGeneration generation) {
    List<Expression> columns =
        generation.columns().stream()
            .flatMap(column -> Seqs.list(column.call().embeds().references().toSeq()).stream())
            .filter(
                column ->
                    column.dataType() instanceof ArrayType
                        || column.dataType() instanceof BinaryType)
            .map(column -> (Expression) column)
            .toList();
    return AttributeSet$.MODULE$.apply(Seqs.<Expression>of(columns));
  }

  private static BigInteger width(List<Attribute> columns, AttributeSet embeds) {
    return BigInteger.valueOf(
        ROW_OVERHEAD_BYTES
            + columns.stream()
                .mapToLong(
                    column ->
                        embeds.contains(column) ? EMBEDS_BYTES : column.dataType().defaultSize())
                .sum());
  }
}
