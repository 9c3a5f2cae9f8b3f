package org.promptembeds.jobs.files;

import java.util.Locale;

/** File formats that results are written in; {@code JSON} is one object per line. */
public enum OutputFormat {
  PARQUET,
  JSON,
  CSV,
  ORC;

  /** The name Spark's writer knows the format by. */
  public String sparkName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a column may hold arrays and structs. */
  public boolean isNested() {
    return this != CSV;
  }
}
