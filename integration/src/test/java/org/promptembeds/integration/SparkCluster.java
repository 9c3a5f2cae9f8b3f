package org.promptembeds.integration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A master and a worker, whose executors have Spark's jars and whatever is submitted with a job.
 *
 * @param home folder of their files
 * @param url the master
 */
record SparkCluster(Path home, String url, SparkProcess master, SparkProcess worker)
    implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  static SparkCluster start(Path home) throws IOException, InterruptedException {
    SparkProcess master =
        SparkProcess.start(
            home,
            "org.apache.spark.deploy.master.Master",
            List.of("--host", HOST, "--port", "0", "--webui-port", "0"));
    String line = master.awaitLine("Starting Spark master at ");
    String url = line.substring(line.indexOf("spark://"));
    SparkProcess worker =
        SparkProcess.start(
            home,
            "org.apache.spark.deploy.worker.Worker",
            List.of(
                "--host",
                HOST,
                "--webui-port",
                "0",
                "--cores",
                "2",
                "--memory",
                "2g",
                "--work-dir",
                home.resolve("work").toString(),
                url));
    worker.awaitLine("Successfully registered with master");
    return new SparkCluster(home, url, master, worker);
  }

  /** Runs {@code spark-submit} with the bundle in {@code --jars}. */
  SparkProcess submit(String mainClass, String jar, List<String> conf, List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("--master", url, "--class", mainClass));
    all.addAll(List.of("--jars", Build.bundle().toString()));
    for (String setting : conf) {
      all.addAll(List.of("--conf", setting));
    }

    // A distribution has these jars in SPARK_HOME.
    all.addAll(List.of("--conf", "spark.executor.extraClassPath=" + Build.sparkClassPath()));
    all.addAll(List.of("--conf", "spark.driver.host=" + HOST));
    all.addAll(List.of("--conf", "spark.executor.memory=700m"));
    all.addAll(List.of("--conf", "spark.ui.enabled=false"));
    all.add(jar);
    all.addAll(arguments);
    return SparkProcess.start(home, "org.apache.spark.deploy.SparkSubmit", all);
  }

  @Override
  public void close() {
    worker.close();
    master.close();
  }
}
