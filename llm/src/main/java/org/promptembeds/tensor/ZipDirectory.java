package org.promptembeds.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * The members of a zip archive as PyTorch writes one: stored, never compressed, of ZIP64 where it
 * is large. An archive whose members are compressed, encrypted, overlapping, outside of the file or
 * named twice is refused, so a member never has more bytes than the archive.
 */
final class ZipDirectory {
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int MAX_DIRECTORY_BYTES = 64 << 20;
  private static final long IN_EXTRA_FIELD = 0xffffffffL;
  private static final int ZIP64_FIELD = 1;

  private final ByteSource source;
  private final Map<String, Member> members = new HashMap<>();

  /**
   * A member of an archive.
   *
   * @param header where its local header begins
   * @param start where its data begins
   * @param end where its data ends
   */
  record Member(String name, long header, long start, long end) {
    long byteCount() {
      return end - start;
    }
  }

  private ZipDirectory(ByteSource source) {
    this.source = source;
  }

  /**
   * Reads the directory of an archive that fills {@code bytes}.
   *
   * @throws TensorFormatException if it is not such an archive
   */
  static ZipDirectory read(String name, ByteBuffer bytes) {
    try {
      return read(new BufferByteSource(name, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // bytes in memory are there
    }
  }

  /**
   * Reads the directory of an archive.
   *
   * @throws TensorFormatException if it is not such an archive
   */
  static ZipDirectory read(ByteSource source) throws IOException {
    ZipDirectory directory = new ZipDirectory(source);
    directory.readMembers(ZipEnd.find(source));
    return directory;
  }

  Set<String> names() {
    return members.keySet();
  }

  /** A member; null if there is none of that name. */
  @Nullable Member find(String name) {
    return members.get(name);
  }

  private void readMembers(ZipEnd end) throws IOException {
    if (end.directoryBytes() > MAX_DIRECTORY_BYTES) {
      throw problem(
          "the zip directory has %d bytes, at most %d are read"
              .formatted(end.directoryBytes(), MAX_DIRECTORY_BYTES));
    }

    ByteBuffer directory = read(end.directoryStart(), (int) end.directoryBytes());
    int position = 0;
    List<Member> ordered = new ArrayList<>();
    for (long i = 0; i < end.members(); i++) {
      if (position + CENTRAL_BYTES > directory.limit()
          || directory.getInt(position) != CENTRAL_SIGNATURE) {
        throw problem(
            "the zip directory has %d entries, entry %d is not there".formatted(end.members(), i));
      }

      int nameBytes = Short.toUnsignedInt(directory.getShort(position + 28));
      int extraBytes = Short.toUnsignedInt(directory.getShort(position + 30));
      int commentBytes = Short.toUnsignedInt(directory.getShort(position + 32));
      int next = position + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
      if (next > directory.limit()) {
        throw problem("entry %d of the zip directory exceeds it".formatted(i));
      }

      ByteBuffer entry = directory.slice(position, next - position).order(ByteOrder.LITTLE_ENDIAN);
      Member member = member(entry, nameBytes, extraBytes, end.directoryStart());
      if (members.put(member.name(), member) != null) {
        throw problem("the zip member %s is there twice".formatted(Shown.text(member.name())));
      }

      ordered.add(member);
      position = next;
    }

    checkDisjoint(ordered);
  }

  private Member member(ByteBuffer entry, int nameBytes, int extraBytes, long directoryStart)
      throws IOException {
    String name = text(entry, CENTRAL_BYTES, nameBytes);
    String member = "the zip member " + Shown.text(name);
    int flags = entry.getShort(8);
    int method = Short.toUnsignedInt(entry.getShort(10));
    ByteBuffer extra =
        zip64Field(
            entry.slice(CENTRAL_BYTES + nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN));
    long size = wide(Integer.toUnsignedLong(entry.getInt(24)), extra, member);
    long stored = wide(Integer.toUnsignedLong(entry.getInt(20)), extra, member);
    long header = wide(Integer.toUnsignedLong(entry.getInt(42)), extra, member);
    if ((flags & 1) != 0) {
      throw problem(member + " is encrypted");
    }

    if (method != 0 || stored != size) {
      throw problem(
          member
              + " is compressed (method %d, %d bytes stored for %d): torch.save compresses nothing"
                  .formatted(method, stored, size));
    }

    return locate(name, header, size, directoryStart);
  }

  private Member locate(String name, long header, long size, long directoryStart)
      throws IOException {
    String member = "the zip member " + Shown.text(name);
    if (header < 0 || header > directoryStart - LOCAL_BYTES) {
      throw problem(member + " has no local header at byte " + header);
    }

    ByteBuffer local = read(header, LOCAL_BYTES);
    if (local.getInt(0) != LOCAL_SIGNATURE) {
      throw problem(member + " has no local header at byte " + header);
    }

    int nameBytes = Short.toUnsignedInt(local.getShort(26));
    int extraBytes = Short.toUnsignedInt(local.getShort(28));
    long start = header + LOCAL_BYTES + nameBytes + extraBytes;
    if (size < 0 || start > directoryStart || size > directoryStart - start) {
      throw problem(
          member
              + " needs bytes %d to %d, the members end at %d"
                  .formatted(start, start + size, directoryStart));
    }

    if (!name.equals(text(read(header + LOCAL_BYTES, nameBytes), 0, nameBytes))) {
      throw problem(member + " has another name in its local header");
    }

    return new Member(name, header, start, start + size);
  }

  /** The extra field with the numbers that 32 bits cannot hold; an empty one if there is none. */
  private static ByteBuffer zip64Field(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      if (id == ZIP64_FIELD) {
        return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      }

      extra.position(extra.position() + length);
    }

    return ByteBuffer.allocate(0);
  }

  private long wide(long number, ByteBuffer extra, String member) {
    if (number != IN_EXTRA_FIELD) {
      return number;
    }

    if (extra.remaining() < Long.BYTES) {
      throw problem(member + " has a number of 64 bits that is not there");
    }

    return extra.getLong();
  }

  private void checkDisjoint(List<Member> ordered) {
    ordered.sort(Comparator.comparingLong(Member::header));
    for (int i = 1; i < ordered.size(); i++) {
      if (ordered.get(i).header() < ordered.get(i - 1).end()) {
        throw problem(
            "the zip members %s and %s overlap"
                .formatted(
                    Shown.text(ordered.get(i - 1).name()), Shown.text(ordered.get(i).name())));
      }
    }
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    return source.read(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(ByteBuffer bytes, int position, int length) {
    return StandardCharsets.UTF_8.decode(bytes.slice(position, length)).toString();
  }

  private TensorFormatException problem(String problem) {
    return new TensorFormatException(source.name(), problem);
  }
}
