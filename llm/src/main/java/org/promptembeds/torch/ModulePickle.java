package org.promptembeds.torch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes the attributes of a TorchScript module as the pickle (protocol 2) of an object whose state
 * is a dictionary.
 *
 * <p>Values are {@link Boolean}, {@link Integer}, {@link Double}, {@link String}, {@code int[]},
 * {@code double[]}, or an {@link Empty} container.
 */
final class ModulePickle {
  /**
   * An empty list or dictionary.
   *
   * @param type as TorchScript writes it, for instance {@code List[Tensor]}
   */
  record Empty(String type) {}

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private ModulePickle() {}

  static byte[] write(String className, Map<String, Object> attributes) {
    ModulePickle pickle = new ModulePickle();
    pickle.object(className, attributes);
    return pickle.out.toByteArray();
  }

  private void object(String className, Map<String, Object> attributes) {
    opcodes(0x80, 2); // PROTO 2
    global("__torch__", className);
    opcodes(')', 0x81); // EMPTY_TUPLE NEWOBJ
    opcodes('}', '('); // EMPTY_DICT MARK
    attributes.forEach(
        (name, value) -> {
          text(name);
          value(value);
        });
    opcodes('u', 'b', '.'); // SETITEMS BUILD STOP
  }

  private void value(Object value) {
    if (value instanceof Boolean flag) {
      opcodes(flag ? 0x88 : 0x89); // NEWTRUE NEWFALSE
    } else if (value instanceof Integer number) {
      opcodes('J'); // BININT
      little(number);
    } else if (value instanceof Double number) {
      opcodes('G'); // BINFLOAT
      big(Double.doubleToRawLongBits(number));
    } else if (value instanceof String string) {
      text(string);
    } else if (value instanceof int[] numbers) {
      tagged("List[int]", () -> list(Arrays.stream(numbers).boxed().toArray()));
    } else if (value instanceof double[] numbers) {
      tagged("List[float]", () -> list(Arrays.stream(numbers).boxed().toArray()));
    } else if (value instanceof Empty empty) {
      boolean dictionary = empty.type().startsWith("Dict");
      tagged(empty.type(), () -> opcodes(dictionary ? '}' : ']')); // EMPTY_DICT EMPTY_LIST
    } else {
      throw new IllegalArgumentException("no pickle for " + value.getClass());
    }
  }

  /** Gives a container its static type: {@code restore_type_tag(container, type)}. */
  private void tagged(String type, Runnable container) {
    global("torch.jit._pickle", "restore_type_tag");
    container.run();
    text(type);
    opcodes(0x86, 'R'); // TUPLE2 REDUCE
  }

  private void list(Object[] items) {
    opcodes(']', '('); // EMPTY_LIST MARK
    for (Object item : items) {
      value(item);
    }

    opcodes('e'); // APPENDS
  }

  private void global(String module, String name) {
    opcodes('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    opcodes('X'); // BINUNICODE
    little(utf8.length);
    out.writeBytes(utf8);
  }

  private void opcodes(int... codes) {
    for (int code : codes) {
      out.write(code);
    }
  }

  private void little(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(value >>> shift);
    }
  }

  private void big(long value) {
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      out.write((int) (value >>> shift));
    }
  }
}
