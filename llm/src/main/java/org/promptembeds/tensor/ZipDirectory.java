package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a zip archive in memory, as PyTorch writes one: stored, never compressed. An
 * archive whose members are compressed, encrypted, overlapping, outside of the file or named twice
 * is refused, so a member never has more bytes than the archive.
 */
final class ZipDirectory {
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT_BYTES = 0xffff;

  private final String source;
  private final ByteBuffer archive;
  private final Map<String, Member> members = new HashMap<>();

  /** A member: where its local header begins, and its data within the archive. */
  private record Member(String name, int header, int start, int end) {}

  private ZipDirectory(String source, ByteBuffer archive) {
    this.source = source;
    this.archive = archive;
  }

  /**
   * Reads the directory of an archive that fills {@code bytes}.
   *
   * @throws TensorFormatException if it is not such an archive
   */
  static ZipDirectory read(String source, ByteBuffer bytes) {
    ByteBuffer archive = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    ZipDirectory directory = new ZipDirectory(source, archive);
    directory.readMembers();
    return directory;
  }

  Set<String> names() {
    return members.keySet();
  }

  /** Bytes of a member, little-endian; null if there is none of that name. */
  @Nullable ByteBuffer find(String name) {
    Member member = members.get(name);
    return member == null
        ? null
        : archive
            .slice(member.start(), member.end() - member.start())
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readMembers() {
    int end = findEnd();
    int count = Short.toUnsignedInt(archive.getShort(end + 10));
    long directoryBytes = Integer.toUnsignedLong(archive.getInt(end + 12));
    long directoryStart = Integer.toUnsignedLong(archive.getInt(end + 16));
    if (directoryStart + directoryBytes > end) {
      throw problem(
          "the zip directory needs bytes %d to %d, its end record is at %d"
              .formatted(directoryStart, directoryStart + directoryBytes, end));
    }

    int position = (int) directoryStart;
    int directoryEnd = (int) (directoryStart + directoryBytes);
    List<Member> ordered = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (position + CENTRAL_BYTES > directoryEnd
          || archive.getInt(position) != CENTRAL_SIGNATURE) {
        throw problem(
            "the zip directory has %d entries, entry %d is not there".formatted(count, i));
      }

      int nameBytes = Short.toUnsignedInt(archive.getShort(position + 28));
      int extraBytes = Short.toUnsignedInt(archive.getShort(position + 30));
      int commentBytes = Short.toUnsignedInt(archive.getShort(position + 32));
      int next = position + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
      if (next > directoryEnd) {
        throw problem("entry %d of the zip directory exceeds it".formatted(i));
      }

      Member member = member(position, text(position + CENTRAL_BYTES, nameBytes), directoryStart);
      if (members.put(member.name(), member) != null) {
        throw problem("the zip member %s is there twice".formatted(Shown.text(member.name())));
      }

      ordered.add(member);
      position = next;
    }

    checkDisjoint(ordered);
  }

  private int findEnd() {
    int last = archive.limit() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
      if (archive.getInt(at) == END_SIGNATURE
          && Short.toUnsignedInt(archive.getShort(at + 20)) == last - at) {
        return at;
      }
    }

    throw problem(
        "truncated: a zip archive of %d bytes without an end record".formatted(archive.limit()));
  }

  private Member member(int position, String name, long directoryStart) {
    String member = "the zip member " + Shown.text(name);
    int flags = archive.getShort(position + 8);
    int method = Short.toUnsignedInt(archive.getShort(position + 10));
    long stored = Integer.toUnsignedLong(archive.getInt(position + 20));
    long size = Integer.toUnsignedLong(archive.getInt(position + 24));
    long header = Integer.toUnsignedLong(archive.getInt(position + 42));
    if ((flags & 1) != 0) {
      throw problem(member + " is encrypted");
    }

    if (method != 0 || stored != size) {
      throw problem(
          member
              + " is compressed (method %d, %d bytes stored for %d): torch.save compresses nothing"
                  .formatted(method, stored, size));
    }

    if (header + LOCAL_BYTES > directoryStart || archive.getInt((int) header) != LOCAL_SIGNATURE) {
      throw problem(member + " has no local header at byte " + header);
    }

    int nameBytes = Short.toUnsignedInt(archive.getShort((int) header + 26));
    int extraBytes = Short.toUnsignedInt(archive.getShort((int) header + 28));
    long start = header + LOCAL_BYTES + nameBytes + extraBytes;
    if (start + size > directoryStart) {
      throw problem(
          member
              + " needs bytes %d to %d, the members end at %d"
                  .formatted(start, start + size, directoryStart));
    }

    if (!name.equals(text((int) header + LOCAL_BYTES, nameBytes))) {
      throw problem(member + " has another name in its local header");
    }

    return new Member(name, (int) header, (int) start, (int) (start + size));
  }

  private void checkDisjoint(List<Member> ordered) {
    ordered.sort(Comparator.comparingInt(Member::header));
    for (int i = 1; i < ordered.size(); i++) {
      if (ordered.get(i).header() < ordered.get(i - 1).end()) {
        throw problem(
            "the zip members %s and %s overlap"
                .formatted(
                    Shown.text(ordered.get(i - 1).name()), Shown.text(ordered.get(i).name())));
      }
    }
  }

  private String text(int position, int length) {
    return StandardCharsets.UTF_8.decode(archive.slice(position, length)).toString();
  }

  private TensorFormatException problem(String problem) {
    return new TensorFormatException(source, problem);
  }
}
