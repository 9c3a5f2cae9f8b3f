package org.promptembeds.source;

import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/** File slices that one task reads, in order, and the hosts that have the first one's bytes. */
record PromptEmbedsInputPartition(List<FileSlice> slices, List<String> hosts)
    implements InputPartition {
  PromptEmbedsInputPartition {
    slices = List.copyOf(slices);
    hosts = List.copyOf(hosts);
  }

  @Override
  public String[] preferredLocations() {
    return hosts.toArray(String[]::new);
  }
}
