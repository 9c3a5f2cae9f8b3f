package org.promptembeds.source;

import java.util.Set;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns that every file has: one row is one tensor. */
final class TensorSchema {
  static final String NAME = "name";
  static final String EMBEDS = "embeds";
  static final String SEQ_LEN = "seq_len";
  static final String HIDDEN_SIZE = "hidden_size";
  static final String PATH = "path";

  /** Columns that are made here, and not passed through from an Arrow file. */
  static final Set<String> OWN = Set.of(NAME, EMBEDS, SEQ_LEN, HIDDEN_SIZE, PATH);

  static final StructType COLUMNS =
      new StructType()
          .add(NAME, DataTypes.StringType)
          .add(EMBEDS, DataTypes.createArrayType(DataTypes.FloatType, false))
          .add(SEQ_LEN, DataTypes.IntegerType)
          .add(HIDDEN_SIZE, DataTypes.IntegerType)
          .add(PATH, DataTypes.StringType);

  private TensorSchema() {}
}
