package org.promptembeds.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.promptembeds.generation.BackendException;

/**
 * Whether files of tokenizers that this machine has not seen are tried in a process of their own
 * before this one loads them. Those that were found good are remembered by their hash: in this JVM,
 * and in a folder that only this user may write to.
 */
public enum TokenizerCheck {
  CHILD,
  OFF;

  /** Key of the configuration, and of the system property that it begins with. */
  public static final String KEY = "spark.promptembeds.tokenizerCheck";

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  private static volatile TokenizerCheck current = of(System.getProperty(KEY, "child"));

  /** The check called {@code name}. */
  private static TokenizerCheck of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * Sets what this JVM does from now on.
   *
   * @param name {@code child} or {@code off}
   */
  public static void use(String name) {
    current = of(name);
  }

  /**
   * Tries {@code file} if it is new and that is wanted.
   *
   * @throws BackendException if it is not to be loaded
   */
  static void require(Path file) {
    if (current == OFF) {
      return;
    }

    String hash = hash(file);
    // INVARIANT: files alike are tried by one thread at a time, so that they are tried once.
    synchronized (TokenizerCheck.class) {
      if (KNOWN.contains(hash) || isRemembered(hash)) {
        KNOWN.add(hash);
        return;
      }

      new TrialProcess(LIMIT).run(file);
      KNOWN.add(hash);
      remember(hash);
    }
  }

  private static String hash(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new BackendException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Path folder() {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "prompt-embeds-tokenizers-" + System.getProperty("user.name"));
  }

  private static boolean isRemembered(String hash) {
    return isOurs(folder()) && Files.isRegularFile(folder().resolve(hash));
  }

  private static void remember(String hash) {
    try {
      if (!Files.exists(folder(), LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(
            folder(),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }

      if (isOurs(folder())) {
        Files.writeString(folder().resolve(hash), "");
      }
    } catch (IOException | UnsupportedOperationException e) {
      KNOWN.add(hash); // another JVM tries it again
    }
  }

  /** Whether only the user that this JVM runs as can have put something into {@code folder}. */
  private static boolean isOurs(Path folder) {
    try {
      Set<PosixFilePermission> permissions =
          Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
      return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
              .getName()
              .equals(System.getProperty("user.name"))
          && !permissions.contains(PosixFilePermission.GROUP_WRITE)
          && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
