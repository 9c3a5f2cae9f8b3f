package org.promptembeds.jobs.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** A Spark master and two workers of one core each, in processes made from this class path. */
final class StandaloneCluster implements AutoCloseable {
  static final int WORKERS = 2;

  private static final String HOST = "127.0.0.1";
  private static final String WORKER_HOST = "127.0.1."; // then the worker's number

  private final String url;
  private final List<ChildJvm> processes = new ArrayList<>(); // the master, then the workers

  private StandaloneCluster(String url) {
    this.url = url;
  }

  /** Starts the processes, which keep their files in {@code folder}. */
  static StandaloneCluster start(Path folder) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    Files.createDirectories(folder.resolve("home/jars"));
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME",
            folder.resolve("home").toString(),
            "SPARK_SCALA_VERSION",
            "2.13",
            "SPARK_LOCAL_DIRS",
            folder.resolve("local").toString());
    StandaloneCluster cluster = new StandaloneCluster("spark://" + HOST + ":" + port);
    cluster.processes.add(
        ChildJvm.start(
            folder.resolve("master.log"),
            environment,
            "org.apache.spark.deploy.master.Master",
            "--host",
            HOST,
            "--port",
            String.valueOf(port),
            "--webui-port",
            "0"));
    for (int i = 0; i < WORKERS; i++) {
      cluster.processes.add(
          ChildJvm.start(
              folder.resolve("worker-" + i + ".log"),
              environment,
              "org.apache.spark.deploy.worker.Worker",
              "--host",
              WORKER_HOST + (i + 1), // Spark copies a slow task to other hosts only
              "--webui-port",
              "0",
              "--cores",
              "1",
              "--memory",
              "1g",
              "--work-dir",
              folder.resolve("work-" + i).toString(),
              cluster.url));
    }

    return cluster;
  }

  /** A new session whose executors, one per worker, are all there. */
  SparkSession session(Map<String, String> conf) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(url)
            .appName("cluster")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", HOST)
            .config("spark.executor.memory", "600m")
            .config("spark.executor.cores", "1")
            .config("spark.executor.extraClassPath", ChildJvm.classPath())
            .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1")
            .config("spark.sql.files.openCostInBytes", "1g") // a task for every file
            .config("spark.promptembeds.cpuThreads", "1");
    conf.forEach(builder::config);
    SparkSession spark = builder.getOrCreate();
    Gate.awaitThat(
        () -> spark.sparkContext().statusTracker().getExecutorInfos().length == WORKERS + 1,
        () -> processes.stream().allMatch(ChildJvm::isAlive),
        "all executors are there");
    return spark;
  }

  /** Process ids of the executors. */
  List<Long> executors() {
    return processes.stream()
        .skip(1)
        .flatMap(worker -> worker.process().children())
        .map(ProcessHandle::pid)
        .toList();
  }

  /** Ends an executor as {@code kill -9} does. */
  static void kill(long executor) {
    ProcessHandle process = ProcessHandle.of(executor).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends the processes, workers first, which end their executors. */
  @Override
  public void close() {
    for (ChildJvm worker : processes.subList(1, processes.size())) {
      List<ProcessHandle> children = worker.process().children().toList();
      worker.close();
      children.forEach(ProcessHandle::destroyForcibly);
    }

    processes.get(0).close();
  }
}
