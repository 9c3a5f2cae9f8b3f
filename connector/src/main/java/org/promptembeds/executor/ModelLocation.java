package org.promptembeds.executor;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.TokenizerCheck;
import org.promptembeds.options.SparkOptions;

/** Where the files of a model, or of an adapter, are on this machine. */
final class ModelLocation {
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*");

  private ModelLocation() {}

  /**
   * The directory that {@code location} names: a path, a {@code file:} URI, or a URI of any other
   * Hadoop file system, from which it is copied to this machine.
   *
   * @param what kind of thing is there, for messages
   * @throws BackendException if it is not there
   */
  static Path resolve(String what, String location) {
    TokenizerCheck.use(
        SparkOptions.TOKENIZER_CHECK.parse(
            configuration().get(SparkOptions.TOKENIZER_CHECK.key(), "child")));
    if (SCHEME.matcher(location).matches() && !location.startsWith("file:")) {
      return cache().fetch(what, location);
    }

    Path directory =
        location.startsWith("file:")
            ? Path.of(URI.create(location).getPath())
            : Path.of(location).toAbsolutePath();
    if (!Files.isDirectory(directory)) {
      throw new BackendException(
          ("%s directory %s does not exist on host %s%s; every executor needs it at this path, on a"
                  + " shared file system or copied there, or give the URI of a Hadoop file system")
              .formatted(what, directory, hostName(), nameHint(what, location)));
    }

    return directory;
  }

  /** What may be wrong if {@code location} was meant as a configured name. */
  private static String nameHint(String what, String location) {
    return what.equals("model") && location.matches("[\\w.-]+")
        ? ", nor is a model of that name configured as " + SparkOptions.MODELS_PREFIX + location
        : "";
  }

  private static SparkConf configuration() {
    SparkEnv env = SparkEnv.get();
    return env == null ? new SparkConf() : env.conf();
  }

  private static ModelCache cache() {
    SparkConf conf = configuration();
    Path shared =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "prompt-embeds-models-" + System.getProperty("user.name"));
    return new ModelCache(
        Path.of(conf.get(SparkOptions.MODEL_CACHE.key(), shared.toString())),
        SparkHadoopUtil.get().newConfiguration(conf));
  }

  private static String hostName() {
    try {
      return java.net.InetAddress.getLocalHost().getHostName();
    } catch (java.net.UnknownHostException e) {
      return "unknown";
    }
  }
}
