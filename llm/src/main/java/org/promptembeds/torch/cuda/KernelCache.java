package org.promptembeds.torch.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiled kernels on disk, in a folder of the user's own, by the hash of all that they are made
 * of. What cannot be read or written is compiled.
 */
final class KernelCache {
  private final @Nullable Path folder;

  KernelCache(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Where the user's caches lie: {@code $XDG_CACHE_HOME} or {@code ~/.cache}. */
  static KernelCache ofUser() {
    String configured = System.getenv("XDG_CACHE_HOME");
    String home = System.getProperty("user.home", "");
    if (configured != null && !configured.isEmpty()) {
      return new KernelCache(Path.of(configured, "prompt-embeds", "kernels"));
    }

    return new KernelCache(
        home.isEmpty() ? null : Path.of(home, ".cache", "prompt-embeds", "kernels"));
  }

  /**
   * The code for this source and these options, compiled if it is not there yet.
   *
   * @param version of the compiler
   */
  byte[] code(String version, String source, List<String> options, Supplier<byte[]> compiler) {
    return read(file(version, source, options))
        .orElseGet(() -> compiled(version, source, options, compiler));
  }

  /** The code compiled again, in the place of what is there. */
  byte[] compiled(String version, String source, List<String> options, Supplier<byte[]> compiler) {
    byte[] code = compiler.get();
    write(file(version, source, options), code);
    return code;
  }

  private @Nullable Path file(String version, String source, List<String> options) {
    if (folder == null) {
      return null;
    }

    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((version + options + source).getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(digest.digest()) + ".cubin");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<byte[]> read(@Nullable Path file) {
    try {
      return file != null && Files.isRegularFile(file)
          ? Optional.of(Files.readAllBytes(file))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Others may read and write the same file: it appears whole or not at all. */
  private static void write(@Nullable Path file, byte[] code) {
    if (file == null) {
      return;
    }

    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "part", ".cubin");
      Files.write(part, code);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // It is compiled again the next time.
    }
  }
}
