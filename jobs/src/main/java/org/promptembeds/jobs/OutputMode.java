package org.promptembeds.jobs;

import org.apache.spark.sql.SaveMode;

/** What happens to an output folder that is already there. */
enum OutputMode {
  ERRORIFEXISTS(SaveMode.ErrorIfExists),
  OVERWRITE(SaveMode.Overwrite),
  APPEND(SaveMode.Append);

  private final SaveMode saveMode;

  OutputMode(SaveMode saveMode) {
    this.saveMode = saveMode;
  }

  SaveMode saveMode() {
    return saveMode;
  }
}
