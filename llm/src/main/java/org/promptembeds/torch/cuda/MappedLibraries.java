package org.promptembeds.torch.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The shared libraries that this process has mapped, by their paths. */
final class MappedLibraries {
  private static final Path MAPS = Path.of("/proc/self/maps");

  /** Where NVRTC lies, seen from PyTorch's own folder: beside it, or in a package of its own. */
  private static final List<String> NVRTC_FOLDERS =
      List.of("", "../../nvidia/cu13/lib", "../../nvidia/cuda_nvrtc/lib");

  private final Set<Path> paths;

  private MappedLibraries(Set<Path> paths) {
    this.paths = paths;
  }

  /** What is mapped now; nothing where the system does not tell. */
  static MappedLibraries now() {
    Set<Path> paths = new LinkedHashSet<>();
    try (Stream<String> lines = Files.lines(MAPS)) {
      lines
          .map(line -> line.indexOf('/') < 0 ? "" : line.substring(line.indexOf('/')))
          .filter(path -> path.contains(".so"))
          .forEach(path -> paths.add(Path.of(path)));
    } catch (IOException | java.io.UncheckedIOException e) {
      return new MappedLibraries(Set.of());
    }

    return new MappedLibraries(paths);
  }

  /** The mapped library with exactly this file name. */
  Optional<Path> find(String fileName) {
    return paths.stream().filter(path -> path.endsWith(fileName)).findFirst();
  }

  /** The compiler and, to be loaded before it, its built-in functions; empty if there is none. */
  List<Path> nvrtc() {
    Optional<Path> torch = find("libtorch_cpu.so").map(Path::getParent);
    if (torch.isEmpty()) {
      return List.of();
    }

    for (String name : NVRTC_FOLDERS) {
      Path folder = torch.get().resolve(name).normalize();
      Optional<Path> compiler = first(folder, "libnvrtc[.-]*so*");
      if (compiler.isPresent()) {
        return Stream.concat(first(folder, "libnvrtc-builtins*so*").stream(), compiler.stream())
            .toList();
      }
    }

    return List.of();
  }

  private static Optional<Path> first(Path folder, String pattern) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }

    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
      for (Path path : found) {
        String name = path.getFileName().toString();
        boolean builtins = name.startsWith("libnvrtc-builtins");
        if (!name.contains(".alt.") && builtins == pattern.contains("builtins")) {
          return Optional.of(path);
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }

    return Optional.empty();
  }
}
