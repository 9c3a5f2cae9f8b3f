package org.promptembeds.torch.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Looks for PyTorch where it is usually installed: where the Pythons of the environment would
 * import it from, then in folders.
 */
public final class TorchSearch {
  private static final int PYTHON_SECONDS = 20;
  private static final String WHERE =
      "import importlib.util as u; s = u.find_spec('torch');"
          + " print(list(s.submodule_search_locations)[0] if s else '')";
  private static final List<String> PACKAGES = List.of("site-packages", "dist-packages");

  private final Map<String, String> environment;
  private final List<Path> roots;

  /**
   * A search.
   *
   * @param roots folders like {@code /usr}, with {@code lib/python3.x/site-packages} below
   */
  TorchSearch(Map<String, String> environment, List<Path> roots) {
    this.environment = Map.copyOf(environment);
    this.roots = List.copyOf(roots);
  }

  /** A search on this machine. */
  public static TorchSearch here() {
    String home = System.getProperty("user.home", "/root");
    return new TorchSearch(
        System.getenv(),
        Stream.of("/opt/pytorch", "/opt/venv", "/opt/conda", home + "/.local", "/usr/local", "/usr")
            .map(Path::of)
            .toList());
  }

  /** What is there, the first that should be taken first. */
  public List<TorchInstallation> found() {
    Map<Path, TorchInstallation> found = new LinkedHashMap<>();
    Stream.concat(pythons().stream().flatMap(python -> imported(python).stream()), packages())
        .map(torch -> torch.resolve("lib"))
        .flatMap(libraries -> TorchInstallation.at(libraries).stream())
        .forEach(torch -> found.putIfAbsent(real(torch.libraries()), torch));
    return List.copyOf(found.values());
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  /** The interpreters that a job of this environment would run. */
  private List<String> pythons() {
    List<String> pythons = new ArrayList<>();
    Stream.of("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON")
        .flatMap(name -> value(name).stream())
        .forEach(pythons::add);
    Stream.of("VIRTUAL_ENV", "CONDA_PREFIX")
        .flatMap(name -> value(name).stream())
        .forEach(prefix -> pythons.add(prefix + "/bin/python"));
    value("PATH").stream()
        .flatMap(path -> Stream.of(path.split(":", -1)))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "python3"))
        .filter(Files::isExecutable)
        .findFirst()
        .ifPresent(python -> pythons.add(python.toString()));
    return pythons;
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** The package that an interpreter would import, which it is only asked for. */
  private static Optional<Path> imported(String python) {
    Process process = null;
    try {
      process =
          new ProcessBuilder(python, "-c", WHERE)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(PYTHON_SECONDS, TimeUnit.SECONDS)) {
        return Optional.empty();
      }

      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return said.isEmpty() || said.contains("\n") ? Optional.empty() : Optional.of(Path.of(said));
    } catch (IOException e) {
      return Optional.empty(); // not an interpreter
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private Stream<Path> packages() {
    return roots.stream()
        .flatMap(root -> children(root.resolve("lib"), "python3*").stream())
        .flatMap(python -> PACKAGES.stream().map(python::resolve))
        .map(folder -> folder.resolve("torch"))
        .filter(Files::isDirectory);
  }

  private static List<Path> children(Path folder, String glob) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
      stream.forEach(children::add);
    } catch (IOException e) {
      return List.of();
    }

    children.sort(null);
    return children;
  }
}
