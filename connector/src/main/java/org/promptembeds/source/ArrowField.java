package org.promptembeds.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A field and where its data are in every record batch of its schema.
 *
 * @param node index of its field node
 * @param buffer index of its first buffer
 * @param bufferCount buffers of its own, without its children's
 */
record ArrowField(Field field, int node, int buffer, int bufferCount, List<ArrowField> children) {

  /** Types whose buffers vary in number, by name, as the Arrow of Spark 3.5 does not have them. */
  private static final Set<String> VIEWS = Set.of("Utf8View", "BinaryView");

  /** The fields of a schema, in order. */
  static List<ArrowField> of(Schema schema) {
    return new Numbering().number(schema.getFields());
  }

  /** Counts nodes and buffers in the order of the format: depth first, parents before children. */
  private static final class Numbering {
    private int node;
    private int buffer;

    List<ArrowField> number(List<Field> fields) {
      List<ArrowField> numbered = new ArrayList<>();
      for (Field field : fields) {
        numbered.add(number(field));
      }

      return List.copyOf(numbered);
    }

    private ArrowField number(Field field) {
      DictionaryEncoding dictionary = field.getDictionary();
      ArrowType stored = dictionary == null ? field.getType() : dictionary.getIndexType();
      if (VIEWS.contains(stored.getTypeID().name())) {
        throw new UnsupportedOperationException(
            "column %s is of type %s, which is not supported: write it as utf8 or binary"
                .formatted(field.getName(), stored));
      }

      int ownNode = node++;
      int ownBuffer = buffer;
      int count = TypeLayout.getTypeBufferCount(stored);
      buffer += count;
      List<ArrowField> children = dictionary == null ? number(field.getChildren()) : List.of();
      return new ArrowField(field, ownNode, ownBuffer, count, children);
    }
  }

  /** Indexes of the nodes of this field and those below it. */
  List<Integer> nodes() {
    List<Integer> nodes = new ArrayList<>(List.of(node));
    children.forEach(child -> nodes.addAll(child.nodes()));
    return nodes;
  }

  /** Indexes of the buffers of this field and those below it. */
  List<Integer> buffers() {
    List<Integer> buffers = new ArrayList<>();
    for (int i = 0; i < bufferCount; i++) {
      buffers.add(buffer + i);
    }

    children.forEach(child -> buffers.addAll(child.buffers()));
    return buffers;
  }
}
