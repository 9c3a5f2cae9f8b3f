package org.promptembeds.jobs.cluster;

import java.nio.file.Path;
import org.apache.spark.sql.api.java.UDF1;

/** Lets every row through, once it has passed the point {@code <prefix><key>} of a gate. */
final class GateFilter implements UDF1<String, Boolean> {
  private static final long serialVersionUID = 1L;

  private final String directory;
  private final String prefix;

  GateFilter(Gate gate, String prefix) {
    this.directory = gate.directory().toString();
    this.prefix = prefix;
  }

  @Override
  public Boolean call(String key) {
    new Gate(Path.of(directory)).pass(prefix + key);
    return true;
  }
}
