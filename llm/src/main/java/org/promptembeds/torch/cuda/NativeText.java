package org.promptembeds.torch.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Text in native memory, ended by a zero. */
final class NativeText {
  /** What libtorch goes on reading for as long as the process lives. */
  private static final ConcurrentLinkedQueue<Memory> PERMANENT = new ConcurrentLinkedQueue<>();

  private NativeText() {}

  static Memory of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(utf8.length + 1L);
    memory.write(0, utf8, 0, utf8.length);
    memory.setByte(utf8.length, (byte) 0);
    return memory;
  }

  /** Address of a text that is never freed. */
  static long permanent(String text) {
    Memory memory = of(text);
    PERMANENT.add(memory);
    return address(memory);
  }

  static long address(Pointer pointer) {
    return Pointer.nativeValue(pointer);
  }

  /** An array of the addresses of {@code parts}, which must outlive it. */
  static Memory array(List<Memory> parts) {
    Memory array = new Memory(8L * Math.max(1, parts.size()));
    for (int i = 0; i < parts.size(); i++) {
      array.setPointer(8L * i, parts.get(i));
    }

    return array;
  }
}
