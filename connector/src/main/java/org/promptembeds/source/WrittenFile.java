package org.promptembeds.source;

import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a task that committed tells the driver.
 *
 * @param fileName its complete file in the staging directory, null if it had no rows
 */
record WrittenFile(@Nullable String fileName, long rowCount) implements WriterCommitMessage {}
