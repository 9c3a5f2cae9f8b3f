package org.promptembeds.sql.call;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.TokenLogprobs;

/** The struct that {@code generate_from_embeds_detail} returns. */
public final class DetailSchema {
  private static final StructType CANDIDATE =
      new StructType()
          .add("token_id", DataTypes.IntegerType, false)
          .add("logprob", DataTypes.FloatType, false);

  private static final StructType POSITION =
      CANDIDATE
          .add("rank", DataTypes.IntegerType)
          .add("top", DataTypes.createArrayType(CANDIDATE, false), false);

  static final StructType TYPE =
      new StructType()
          .add("text", DataTypes.StringType)
          .add("token_ids", DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add("finish_reason", DataTypes.StringType)
          .add("prompt_tokens", DataTypes.IntegerType)
          .add("completion_tokens", DataTypes.IntegerType)
          .add("logprobs", DataTypes.createArrayType(POSITION, false))
          .add("prompt_logprobs", DataTypes.createArrayType(POSITION, true))
          .add("error", DataTypes.StringType);

  /** Where {@code text} is. */
  static final int TEXT = TYPE.fieldIndex("text");

  private DetailSchema() {}

  /** The row of a result; log-probabilities are NULL unless asked for. */
  public static InternalRow row(GenerationResult result) {
    return struct(
        UTF8String.fromString(result.text()),
        UnsafeArrayData.fromPrimitiveArray(result.tokenIds()),
        UTF8String.fromString(result.finishReason().apiName()),
        result.promptTokens(),
        result.completionTokens(),
        result.logprobs().isEmpty() ? null : logprobs(result),
        result.promptLogprobs().isEmpty() ? null : promptLogprobs(result),
        null);
  }

  /** The row of a failure: everything NULL but the reason. */
  public static InternalRow error(@Nullable String reason) {
    return struct(null, null, null, null, null, null, null, UTF8String.fromString(reason));
  }

  private static GenericArrayData logprobs(GenerationResult result) {
    List<InternalRow> positions = new ArrayList<>();
    int[] tokenIds = result.tokenIds();
    for (int i = 0; i < result.logprobs().size(); i++) {
      positions.add(position(tokenIds[i], result.logprobs().get(i)));
    }

    return new GenericArrayData(positions.toArray());
  }

  /** One entry per position of the prompt, NULL where nothing is told of it. */
  private static GenericArrayData promptLogprobs(GenerationResult result) {
    Object[] positions =
        result.promptLogprobs().stream()
            .map(scored -> scored == null ? null : position(scored.tokenId(), scored.logprobs()))
            .toArray();
    return new GenericArrayData(positions);
  }

  private static InternalRow position(int tokenId, TokenLogprobs told) {
    InternalRow[] top = new InternalRow[told.topTokenIds().length];
    for (int j = 0; j < top.length; j++) {
      top[j] = struct(told.topTokenIds()[j], told.topLogprobs()[j]);
    }

    return struct(
        tokenId, told.logprob(), told.rank() == 0 ? null : told.rank(), new GenericArrayData(top));
  }

  private static InternalRow struct(@Nullable Object... values) {
    return new GenericInternalRow(values);
  }
}
