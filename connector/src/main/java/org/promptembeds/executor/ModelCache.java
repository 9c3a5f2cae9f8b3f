package org.promptembeds.executor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.promptembeds.generation.BackendException;

/**
 * Models of other file systems, copied to this machine once for all of its executors.
 *
 * <p>A copy is named after its address and the names, sizes and times of its files, so a model that
 * changes is fetched again. It is made under another name, by whoever holds the lock of the
 * address, and renamed when every file is whole: what has its proper name is complete. A copy that
 * a killed executor left unfinished is removed by the next.
 *
 * <p>The folder may lie below one that all users of a machine share: what is not this user's, or
 * may be written by others, is an error, and so is a copy whose files have other sizes.
 */
final class ModelCache {
  /** What a model directory is read for; checkpoints of other formats stay where they are. */
  private static final Pattern WANTED =
      Pattern.compile("(?i).+\\.(json|safetensors|jinja|txt|model)|adapter_model\\.bin");

  private static final String UNFINISHED = ".part-";
  private static final Object JVM_LOCK = new Object(); // file locks are the whole JVM's

  private final Path directory;
  private final Configuration configuration;

  /**
   * A cache.
   *
   * @param directory local folder of the copies, made if need be
   * @param configuration how to reach the file systems
   */
  ModelCache(Path directory, Configuration configuration) {
    this.directory = directory;
    this.configuration = configuration;
  }

  /**
   * The local copy of the folder {@code uri}.
   *
   * @param what kind of thing is there, for messages
   * @throws BackendException if it cannot be read or copied
   */
  Path fetch(String what, String uri) {
    try {
      org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(uri);
      FileSystem files = source.getFileSystem(configuration);
      List<FileStatus> wanted = wantedFiles(files, source);
      String name = source.getName() + "-" + digest(uri);
      OwnedFolders.create(directory);
      Path copies = OwnedFolders.create(directory.resolve(name));
      Path copy = copies.resolve(digest(describe(wanted)));
      if (!Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
        fetchOnce(files, wanted, copies, copy);
      }

      OwnedFolders.require(copy);
      requireSizes(wanted, copy);
      return copy;
    } catch (IOException | IllegalArgumentException e) {
      throw new BackendException(
          "cannot fetch %s %s to %s: %s".formatted(what, uri, directory, e.getMessage()), e);
    }
  }

  private static List<FileStatus> wantedFiles(FileSystem files, org.apache.hadoop.fs.Path source)
      throws IOException {
    List<FileStatus> wanted = new ArrayList<>();
    for (FileStatus status : files.listStatus(source)) {
      if (status.isFile() && WANTED.matcher(status.getPath().getName()).matches()) {
        wanted.add(status);
      }
    }

    if (wanted.isEmpty()) {
      throw new IOException("it holds no files that a model is made of");
    }

    wanted.sort(Comparator.comparing(status -> status.getPath().getName()));
    return wanted;
  }

  private static String describe(List<FileStatus> files) {
    StringBuilder text = new StringBuilder();
    for (FileStatus file : files) {
      text.append(file.getPath().getName()).append('\t').append(file.getLen()).append('\t');
      text.append(file.getModificationTime()).append('\n');
    }

    return text.toString();
  }

  /** What a copy has lost since it was made, such as to a cleaner of temporary folders. */
  private static void requireSizes(List<FileStatus> wanted, Path copy) throws IOException {
    for (FileStatus status : wanted) {
      Path file = copy.resolve(status.getPath().getName());
      if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "%s is not there: delete %s, and it is copied again".formatted(file, copy));
      }

      OwnedFolders.require(file);
      if (Files.size(file) != status.getLen()) {
        throw new IOException(
            "%s has %d bytes, %s has %d: delete %s, and it is copied again"
                .formatted(file, Files.size(file), status.getPath(), status.getLen(), copy));
      }
    }
  }

  private static void fetchOnce(FileSystem files, List<FileStatus> wanted, Path copies, Path copy)
      throws IOException {
    synchronized (JVM_LOCK) {
      try (FileChannel channel =
              FileChannel.open(
                  copies.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid() || Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
          return; // another executor was faster
        }

        removeUnfinished(copies);
        Path unfinished = copy.resolveSibling(copy.getFileName() + UNFINISHED + UUID.randomUUID());
        OwnedFolders.create(unfinished);
        for (FileStatus file : wanted) {
          copy(files, file, unfinished.resolve(file.getPath().getName()));
        }

        Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static void copy(FileSystem files, FileStatus source, Path target) throws IOException {
    FileChecksum checksum = files.getFileChecksum(source.getPath());
    try (InputStream in = files.open(source.getPath());
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long copied = in.transferTo(Channels.newOutputStream(out));
      out.force(true);
      if (copied != source.getLen()) {
        throw new IOException(
            "%s has %d bytes, but %d were read: it is damaged or being written"
                .formatted(source.getPath(), source.getLen(), copied));
      }
    }

    FileChecksum after = files.getFileChecksum(source.getPath());
    if (!Objects.equals(checksum, after)) {
      throw new IOException(
          "%s changed while it was copied: its checksum was %s, now it is %s"
              .formatted(source.getPath(), checksum, after));
    }
  }

  /** INVARIANT: the lock is held, so that nobody is copying. */
  private static void removeUnfinished(Path folder) throws IOException {
    List<Path> leftovers;
    try (Stream<Path> copies = Files.list(folder)) {
      leftovers = copies.filter(copy -> copy.toString().contains(UNFINISHED)).toList();
    }

    for (Path leftover : leftovers) {
      try (Stream<Path> content = Files.walk(leftover)) {
        for (Path file : content.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
