package org.promptembeds.executor;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and folders that nobody else can have put there or changed: of the user who runs this
 * process, no links, and writable for no one else. Where a file system knows no owners, such as on
 * Windows, folders are what the user's own temporary folder is.
 */
final class OwnedFolders {
  private static final String ADMINISTRATOR = "root";
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private OwnedFolders() {}

  /**
   * Makes a folder for this user alone if there is none; one that the administrator has put there,
   * such as a volume of a container, is taken as it is.
   *
   * @throws IOException if it is there and another user's, a link, or writable for others
   */
  static Path create(Path folder) throws IOException {
    try {
      if (folder.getParent() != null) {
        Files.createDirectories(folder.getParent());
      }

      Files.createDirectory(folder, attributes(folder));
    } catch (FileAlreadyExistsException e) {
      if (!isAdministrators(folder)) {
        require(folder); // made before, by whom must be looked at
      }
    }

    return folder;
  }

  /**
   * Looks whether a file or folder is this user's alone to change.
   *
   * @throws IOException naming it, and what is wrong with it
   */
  static void require(Path path) throws IOException {
    if (!isPosix(path)) {
      return;
    }

    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      throw problem(path, "is a link");
    }

    String owner = attributes.owner().getName();
    String user = user();
    if (!owner.equals(user)) {
      throw problem(path, "belongs to %s, this process to %s".formatted(owner, user));
    }

    Set<PosixFilePermission> permissions = attributes.permissions();
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw problem(
          path,
          "may be written by others (%s)".formatted(PosixFilePermissions.toString(permissions)));
    }
  }

  private static boolean isAdministrators(Path folder) throws IOException {
    return isPosix(folder)
        && !Files.isSymbolicLink(folder)
        && Files.getOwner(folder).getName().equals(ADMINISTRATOR)
        && !user().equals(ADMINISTRATOR);
  }

  private static IOException problem(Path path, String problem) {
    return new IOException(
        "%s %s, so that what it holds is not to be trusted: remove it, or set spark.promptembeds.modelCache to a folder of your own"
            .formatted(path, problem));
  }

  /** The user that files are made as, who need not be the one the environment names. */
  private static String user() throws IOException {
    Path probe = Files.createTempFile("prompt-embeds-owner", null);
    try {
      return Files.getOwner(probe).getName();
    } finally {
      Files.delete(probe);
    }
  }

  private static FileAttribute<?>[] attributes(Path path) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
