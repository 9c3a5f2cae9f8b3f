package org.promptembeds.jobs;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

/**
 * Stands in for {@code generate_from_embeds_detail}: the text is the first element of every
 * position, and a row with a negative one is at fault.
 */
final class FakeGenerate implements UDF1<Seq<Seq<Number>>, Row> {
  private static final long serialVersionUID = 1L;

  static final StructType TYPE =
      StructType.fromDDL(
          "text string, token_ids array<int>, finish_reason string, prompt_tokens int,"
              + " completion_tokens int, error string");

  @Override
  public @Nullable Row call(@Nullable Seq<Seq<Number>> embeds) {
    if (embeds == null) {
      return null;
    }

    StringBuilder text = new StringBuilder();
    int[] tokenIds = new int[embeds.length()];
    for (int i = 0; i < embeds.length(); i++) {
      float first = embeds.apply(i).apply(0).floatValue();
      if (first < 0) {
        return RowFactory.create(null, null, null, null, null, "element is " + first);
      }

      text.append(text.isEmpty() ? "" : " ").append(first);
      tokenIds[i] = (int) first;
    }

    return RowFactory.create(
        text.toString(), tokenIds, "stop", embeds.length(), embeds.length(), null);
  }
}
