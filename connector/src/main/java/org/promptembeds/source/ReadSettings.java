package org.promptembeds.source;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a scan need to know, as plain values.
 *
 * @param columns columns of the result, in order
 * @param errorColumn column for the reasons of malformed rows
 * @param embedsColumn column of Arrow files that holds the embeddings
 * @param hiddenSize length of vectors where files do not say it; 0 if not known
 * @param batchBytes bound of the embeddings in one batch, unless a single row is larger
 * @param nameFilters conditions on names that every row must meet
 * @param limit most rows that a partition returns
 */
record ReadSettings(
    StructType columns,
    ParseMode mode,
    String errorColumn,
    String embedsColumn,
    int hiddenSize,
    long batchBytes,
    List<StringFilter> nameFilters,
    int limit)
    implements Serializable {

  ReadSettings {
    nameFilters = List.copyOf(nameFilters);
  }

  boolean wants(String column) {
    return Arrays.asList(columns.fieldNames()).contains(column);
  }

  boolean acceptsName(@Nullable String name) {
    return nameFilters.stream().allMatch(filter -> filter.accepts(name));
  }
}
