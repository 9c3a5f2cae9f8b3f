package org.promptembeds.source;

import java.util.List;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** The partitions of a scan. */
record PromptEmbedsBatch(
    List<PromptEmbedsInputPartition> partitions, PromptEmbedsReaderFactory factory)
    implements Batch {
  @Override
  public InputPartition[] planInputPartitions() {
    return partitions.toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return factory;
  }
}
