package org.promptembeds.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.Seq;

/**
 * An isolated call and the column of its results. Plan nodes hold the two in lists of their own:
 * the optimizer strips aliases from nodes it does not know.
 */
record GeneratedColumn(GenerateFromEmbeds call, Attribute result) {

  static List<GeneratedColumn> zip(Seq<Expression> calls, Seq<Attribute> results) {
    List<GeneratedColumn> columns = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      columns.add(new GeneratedColumn((GenerateFromEmbeds) calls.apply(i), results.apply(i)));
    }

    return columns;
  }

  static Seq<Expression> calls(List<GeneratedColumn> columns) {
    return Seqs.of(columns.stream().map(GeneratedColumn::call).toList());
  }

  static Seq<Attribute> results(List<GeneratedColumn> columns) {
    return Seqs.of(columns.stream().map(GeneratedColumn::result).toList());
  }

  /** Columns of a node: those passed through, then the results. */
  static Seq<Attribute> output(Seq<Attribute> passThrough, Seq<Attribute> results) {
    List<Attribute> output = new ArrayList<>(Seqs.list(passThrough));
    output.addAll(Seqs.list(results));
    return Seqs.of(output);
  }
}
