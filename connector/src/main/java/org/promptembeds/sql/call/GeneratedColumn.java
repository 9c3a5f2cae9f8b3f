package org.promptembeds.sql.call;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.promptembeds.sql.values.Seqs;
import scala.collection.immutable.Seq;

/**
 * An isolated call and the column of its results. Plan nodes hold the two in lists of their own:
 * the optimizer strips aliases from nodes it does not know.
 */
public record GeneratedColumn(GenerateFromEmbeds call, Attribute result) {

  public static List<GeneratedColumn> zip(Seq<Expression> calls, Seq<Attribute> results) {
    List<GeneratedColumn> columns = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      columns.add(new GeneratedColumn((GenerateFromEmbeds) calls.apply(i), results.apply(i)));
    }

    return columns;
  }

  public static Seq<Expression> calls(List<GeneratedColumn> columns) {
    return Seqs.of(columns.stream().map(GeneratedColumn::call).toList());
  }

  public static Seq<Attribute> results(List<GeneratedColumn> columns) {
    return Seqs.of(columns.stream().map(GeneratedColumn::result).toList());
  }

  /** Columns of a node: those passed through, then the results. */
  public static Seq<Attribute> output(Seq<Attribute> passThrough, Seq<Attribute> results) {
    List<Attribute> output = new ArrayList<>(Seqs.list(passThrough));
    output.addAll(Seqs.list(results));
    return Seqs.of(output);
  }
}
