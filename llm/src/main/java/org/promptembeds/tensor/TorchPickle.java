package org.promptembeds.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A reader of the pickles that {@code torch.save} writes, of protocols 2 to 5. It knows a closed
 * set of opcodes and globals, makes values and calls nothing; everything else is refused. Each
 * opcode makes at most one value, so memory is bounded by the length of the pickle.
 *
 * <p>Values are {@link Long}, {@link Boolean}, {@link String}, {@link List} for tuples and lists,
 * {@link Map} for dicts, {@link Storage}, {@link View} and the two kinds of globals.
 */
final class TorchPickle {
  /** Longest pickle that is read, in bytes. */
  static final int MAX_BYTES = 16 << 20;

  private static final int PROTO = 0x80;
  private static final int OLDEST_PROTOCOL = 2;
  private static final int NEWEST_PROTOCOL = 5;

  /** Elements on disk. */
  record Storage(DType dtype, String key, long elements) {}

  /** A tensor: some elements of a storage; offset and strides count elements. */
  record View(Storage storage, long offset, long[] sizes, long[] strides) {
    /** Product of the sizes; -1 if it is no size of an array. */
    long elements() {
      long elements = 1;
      for (long size : sizes) {
        long high = Math.multiplyHigh(elements, size);
        elements *= size;
        if (size < 0 || high != 0 || elements < 0) {
          return -1;
        }
      }

      return elements;
    }

    /** Whether the elements lie one after another, the last dimension first. */
    boolean isContiguous() {
      if (sizes.length != strides.length) {
        return false;
      }

      long stride = 1;
      for (int i = sizes.length - 1; i >= 0; i--) {
        if (sizes[i] != 1 && strides[i] != stride) {
          return false;
        }

        stride *= sizes[i];
      }

      return true;
    }
  }

  private enum Function {
    REBUILD_TENSOR,
    REBUILD_PARAMETER,
    ORDERED_DICT
  }

  private enum Marker {
    NONE,
    MARK
  }

  private static final Map<String, Object> GLOBALS = new HashMap<>();

  static {
    GLOBALS.put("torch._utils _rebuild_tensor_v2", Function.REBUILD_TENSOR);
    GLOBALS.put("torch._utils _rebuild_parameter", Function.REBUILD_PARAMETER);
    GLOBALS.put("collections OrderedDict", Function.ORDERED_DICT);
    for (DType dtype : DType.values()) {
      GLOBALS.put("torch " + TorchFormat.storageName(dtype), dtype);
    }
  }

  private final PickleBytes bytes;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private TorchPickle(String source, ByteBuffer pickle) {
    this.bytes = new PickleBytes(source, pickle);
  }

  /**
   * The value of a pickle.
   *
   * @throws TensorFormatException if it is malformed or holds anything besides tensors, dicts,
   *     lists, strings, integers and booleans
   */
  static Object read(String source, ByteBuffer pickle) {
    checkSize(source, pickle.remaining());
    return new TorchPickle(source, pickle).run();
  }

  /** Refuses a pickle that is too long to read. */
  static void checkSize(String source, long bytes) {
    if (bytes > MAX_BYTES) {
      throw new TensorFormatException(
          source, "the pickle has %d bytes, at most %d are read".formatted(bytes, MAX_BYTES));
    }
  }

  private Object run() {
    long protocol = bytes.unsigned(1) == PROTO ? bytes.unsigned(1) : -1;
    if (protocol < OLDEST_PROTOCOL || protocol > NEWEST_PROTOCOL) {
      throw problem(
          "does not begin with a protocol from %d to %d"
              .formatted(OLDEST_PROTOCOL, NEWEST_PROTOCOL));
    }

    while (true) {
      int opcode = (int) bytes.unsigned(1);
      switch (opcode) {
        case 0x95 ->
            bytes.require(bytes.unsigned(8)); // a frame, which says how much comes at least
        case 'c' -> stack.push(global(bytes.line() + " " + bytes.line()));
        case 0x93 -> stack.push(global(popAll(2)));
        case 0x94 -> memo.put(memo.size(), top());
        case 'q' -> memo.put((int) bytes.unsigned(1), top());
        case 'r' -> memo.put((int) bytes.unsigned(4), top());
        case 'h' -> stack.push(remembered((int) bytes.unsigned(1)));
        case 'j' -> stack.push(remembered((int) bytes.unsigned(4)));
        case '(' -> stack.push(Marker.MARK);
        case 'N' -> stack.push(Marker.NONE);
        case 0x88 -> stack.push(true);
        case 0x89 -> stack.push(false);
        case 'K' -> stack.push(bytes.unsigned(1));
        case 'M' -> stack.push(bytes.unsigned(2));
        case 'J' -> stack.push((long) (int) bytes.unsigned(4));
        case 0x8a -> stack.push(bytes.longInteger());
        case 'X' -> stack.push(bytes.text(bytes.unsigned(4)));
        case 0x8c -> stack.push(bytes.text(bytes.unsigned(1)));
        case ')' -> stack.push(List.of());
        case 0x85, 0x86, 0x87 -> stack.push(popAll(opcode - 0x84));
        case 't' -> stack.push(popToMark());
        case ']' -> stack.push(new ArrayList<>());
        case 'a' -> append(popAll(1));
        case 'e' -> append(popToMark());
        case '}' -> stack.push(new LinkedHashMap<>());
        case 's' -> setItems(popAll(2));
        case 'u' -> setItems(popToMark());
        case 'Q' -> stack.push(storage(pop()));
        case 'b' -> dropAttributes(popAll(1));
        case 'R' -> stack.push(call(popAll(2)));
        case '.' -> {
          return result();
        }
        default ->
            throw problem(
                "the opcode 0x%02x is not allowed: only tensors are read".formatted(opcode));
      }
    }
  }

  private Object result() {
    if (stack.size() != 1 || bytes.remaining() > 0) {
      throw problem(
          "ends with %d values and %d bytes left".formatted(stack.size(), bytes.remaining()));
    }

    return pop();
  }

  private Object global(List<Object> names) {
    if (names.get(0) instanceof String module && names.get(1) instanceof String name) {
      return global(module + " " + name);
    }

    throw problem("a global is named by something that is not text");
  }

  private Object global(String name) {
    Object global = GLOBALS.get(name);
    if (global == null) {
      throw problem("the global %s is not allowed: %s".formatted(Shown.text(name), refusal(name)));
    }

    return global;
  }

  private static String refusal(String name) {
    if (name.contains("sparse")) {
      return "sparse tensors are not read";
    }

    if (name.contains("qtensor")) {
      return "quantised tensors are not read";
    }

    return name.endsWith(" _rebuild_tensor_v3") || name.contains("Float8")
        ? "tensors of float8 and other new types are not read, convert them to float32 or bfloat16"
        : "only tensors are read";
  }

  private Object call(List<Object> call) {
    if (call.get(0) instanceof Function function && call.get(1) instanceof List<?> arguments) {
      return switch (function) {
        case REBUILD_TENSOR -> view(arguments);
        case REBUILD_PARAMETER -> parameter(arguments);
        case ORDERED_DICT -> {
          if (!arguments.isEmpty()) {
            throw problem("OrderedDict is called with arguments");
          }

          yield new LinkedHashMap<>();
        }
      };
    }

    throw problem("calls what is not a function");
  }

  /** Storage, offset, sizes, strides, requires_grad, hooks and perhaps metadata. */
  private View view(List<?> arguments) {
    if (arguments.size() >= 6
        && arguments.size() <= 7
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Long offset
        && arguments.get(2) instanceof List<?> sizes
        && arguments.get(3) instanceof List<?> strides
        && arguments.get(4) instanceof Boolean
        && arguments.get(5) instanceof Map<?, ?> hooks
        && hooks.isEmpty()) {
      if (arguments.size() == 7
          && !(arguments.get(6) instanceof Map<?, ?> metadata && metadata.isEmpty())) {
        throw problem("a tensor has metadata, such as a pending conjugation or negation");
      }

      return new View(storage, offset, integers(sizes), integers(strides));
    }

    throw problem("_rebuild_tensor_v2 is called with unexpected arguments");
  }

  private View parameter(List<?> arguments) {
    if (arguments.size() == 3
        && arguments.get(0) instanceof View view
        && arguments.get(2) instanceof Map<?, ?> hooks
        && hooks.isEmpty()) {
      return view;
    }

    throw problem("_rebuild_parameter is called with unexpected arguments");
  }

  private Storage storage(Object id) {
    if (id instanceof List<?> parts
        && parts.size() == 5
        && "storage".equals(parts.get(0))
        && parts.get(1) instanceof DType dtype
        && parts.get(2) instanceof String key
        && parts.get(3) instanceof String
        && parts.get(4) instanceof Long elements
        && elements >= 0) {
      return new Storage(dtype, key, elements);
    }

    throw problem("a persistent id is not a storage");
  }

  private long[] integers(List<?> values) {
    long[] integers = new long[values.size()];
    for (int i = 0; i < integers.length; i++) {
      if (!(values.get(i) instanceof Long integer)) {
        throw problem("a size or stride of a tensor is not an integer");
      }

      integers[i] = integer;
    }

    return integers;
  }

  private void append(List<Object> values) {
    if (!(top() instanceof ArrayList<?>)) {
      throw problem("appends to what is not a list");
    }

    @SuppressWarnings("unchecked") // every ArrayList here holds values
    List<Object> list = (List<Object>) top();
    list.addAll(values);
  }

  private void setItems(List<Object> items) {
    if (!(top() instanceof LinkedHashMap<?, ?>) || items.size() % 2 != 0) {
      throw problem("sets items of what is not a dict");
    }

    @SuppressWarnings("unchecked") // every LinkedHashMap here holds values
    Map<Object, Object> dict = (Map<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      if (!(items.get(i) instanceof String) && !(items.get(i) instanceof Long)) {
        throw problem("a key of a dict is neither a string nor an integer");
      }

      dict.put(items.get(i), items.get(i + 1));
    }
  }

  /** The dict of a model carries versions of its modules, which nothing here asks for. */
  private void dropAttributes(List<Object> state) {
    if (!(top() instanceof LinkedHashMap<?, ?>)
        || !(state.get(0) instanceof Map<?, ?> attributes)
        || !attributes.keySet().equals(Set.of("_metadata"))) {
      throw problem("sets attributes of what is not the dict of a model");
    }
  }

  private Object top() {
    Object top = stack.peek();
    if (top == null) {
      throw problem("takes a value where there is none");
    }

    return top;
  }

  private Object pop() {
    Object value = top();
    stack.pop();
    return value;
  }

  /** The topmost {@code count} values in the order they were pushed; they cannot be changed. */
  private List<Object> popAll(int count) {
    Object[] values = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
      if (values[i] == Marker.MARK) {
        throw problem("takes a value where there is none");
      }
    }

    return List.of(values);
  }

  private List<Object> popToMark() {
    List<Object> values = new ArrayList<>();
    for (Object value = pop(); value != Marker.MARK; value = pop()) {
      values.add(value);
    }

    Collections.reverse(values);
    return List.copyOf(values);
  }

  private Object remembered(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw problem(
          "recalls value %s, which it never kept".formatted(Integer.toUnsignedString(index)));
    }

    return value;
  }

  private TensorFormatException problem(String problem) {
    return bytes.problem(problem);
  }
}
