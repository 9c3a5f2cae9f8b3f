package org.promptembeds.jobs;

import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: this version, and those of Spark and Java. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String own = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "prompt-embeds %s (Spark %s, Java %s)"
          .formatted(
              own == null ? "development" : own,
              package$.MODULE$.SPARK_VERSION(),
              System.getProperty("java.version"))
    };
  }
}
