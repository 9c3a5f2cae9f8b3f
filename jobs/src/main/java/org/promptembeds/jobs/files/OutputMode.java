package org.promptembeds.jobs.files;

import org.apache.spark.sql.SaveMode;

/** What happens to an output folder that is already there. */
public enum OutputMode {
  ERRORIFEXISTS(SaveMode.ErrorIfExists),
  OVERWRITE(SaveMode.Overwrite),
  APPEND(SaveMode.Append);

  private final SaveMode saveMode;

  OutputMode(SaveMode saveMode) {
    this.saveMode = saveMode;
  }

  public SaveMode saveMode() {
    return saveMode;
  }
}
