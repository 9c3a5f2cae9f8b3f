package org.promptembeds.torch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes TorchScript objects as the pickle (protocol 2) that PyTorch reads: an object is its class
 * and a dictionary of attributes.
 *
 * <p>Values are {@link Boolean}, {@link Integer}, {@link Double}, {@link String}, {@code int[]},
 * {@code double[]}, an {@link Empty} container, a {@link ScriptObject}, a {@link Shared} one, an
 * {@link Objects}, or {@link #UNSET}, a tensor that is replaced when weights are bound.
 */
final class ModulePickle {
  /**
   * An empty list or dictionary.
   *
   * @param type as TorchScript writes it, for instance {@code List[Tensor]}
   */
  record Empty(String type) {}

  /**
   * A list of objects, of different classes if the type is an interface.
   *
   * @param type of an element, for instance {@code __torch__.norm.Norm}
   */
  record Objects(String type, List<ScriptObject> items) {}

  /**
   * An object that several others refer to: there is one of it, however often it is written.
   *
   * @param object told by identity
   */
  record Shared(ScriptObject object) {}

  /** Stands for a tensor of one element, see {@link #STORAGE}. */
  static final Object UNSET = new Object();

  /** Name of the record that holds the bytes of {@link #UNSET}. */
  static final String STORAGE = "0";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final IdentityHashMap<ScriptObject, Integer> shared = new IdentityHashMap<>();

  private ModulePickle() {}

  static byte[] write(ScriptObject object) {
    ModulePickle pickle = new ModulePickle();
    pickle.opcodes(0x80, 2); // PROTO 2
    pickle.object(object);
    pickle.opcodes('.'); // STOP
    return pickle.out.toByteArray();
  }

  private void object(ScriptObject object) {
    int dot = object.type().lastIndexOf('.');
    global(object.type().substring(0, dot), object.type().substring(dot + 1));
    opcodes(')', 0x81); // EMPTY_TUPLE NEWOBJ
    opcodes('}', '('); // EMPTY_DICT MARK
    for (Map.Entry<String, Object> attribute : object.attributes().entrySet()) {
      text(attribute.getKey());
      value(attribute.getValue());
    }

    opcodes('u', 'b'); // SETITEMS BUILD
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
      tagged("List[int]", () -> list(Arrays.stream(numbers).boxed().toList()));
    } else if (value instanceof double[] numbers) {
      tagged("List[float]", () -> list(Arrays.stream(numbers).boxed().toList()));
    } else if (value instanceof Empty empty) {
      boolean dictionary = empty.type().startsWith("Dict");
      tagged(empty.type(), () -> opcodes(dictionary ? '}' : ']')); // EMPTY_DICT EMPTY_LIST
    } else if (value instanceof Objects objects) {
      tagged("List[" + objects.type() + "]", () -> list(objects.items()));
    } else if (value instanceof ScriptObject object) {
      object(object);
    } else if (value instanceof Shared reference) {
      shared(reference.object());
    } else if (value == UNSET) {
      unset();
    } else {
      throw new IllegalArgumentException("no pickle for " + value.getClass());
    }
  }

  private void shared(ScriptObject object) {
    Integer place = shared.get(object);
    if (place != null) {
      opcodes('j'); // LONG_BINGET
      little(place);
      return;
    }

    object(object);
    opcodes('r'); // LONG_BINPUT
    little(shared.size());
    shared.put(object, shared.size());
  }

  /** Gives a container its static type: {@code restore_type_tag(container, type)}. */
  private void tagged(String type, Runnable container) {
    global("torch.jit._pickle", "restore_type_tag");
    container.run();
    text(type);
    opcodes(0x86, 'R'); // TUPLE2 REDUCE
  }

  /** {@code torch._utils._rebuild_tensor_v2(storage, 0, (1,), (1,), False, OrderedDict())}. */
  private void unset() {
    global("torch._utils", "_rebuild_tensor_v2");
    opcodes('('); // MARK
    opcodes('('); // MARK
    text("storage");
    global("torch", "FloatStorage");
    text(STORAGE);
    text("cpu");
    opcodes('K', 1, 't', 'Q'); // BININT1 TUPLE BINPERSID
    opcodes('K', 0); // BININT1
    opcodes('K', 1, 0x85); // BININT1 TUPLE1
    opcodes('K', 1, 0x85);
    opcodes(0x89); // NEWFALSE
    global("collections", "OrderedDict");
    opcodes(')', 'R', 't', 'R'); // EMPTY_TUPLE REDUCE TUPLE REDUCE
  }

  private void list(List<?> items) {
    opcodes(']', '('); // EMPTY_LIST MARK
    items.forEach(this::value);
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
