package org.promptembeds.model.spec;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A block in words and numbers, for people. Of a block that nothing is said of here, its record is
 * shown: the name, the numbers above zero, and what is true of it.
 *
 * @param kind what the block is
 * @param sizes numbers by name
 * @param traits what sets the block apart from others of its kind
 */
public record BlockOutline(String kind, Map<String, Integer> sizes, List<String> traits) {
  /** Kinds whose records go by another name. */
  private static final Map<Class<? extends BlockSpec>, String> KINDS =
      Map.of(
          Grouped.class, "attention",
          Differential.class, "differential attention",
          Latent.class, "latent attention",
          Lightning.class, "lightning attention",
          Gated.class, "gated feed-forward",
          Plain.class, "plain feed-forward",
          Xielu.class, "xIELU feed-forward");

  public BlockOutline {
    sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
    traits = List.copyOf(traits);
  }

  public static BlockOutline of(BlockSpec block) {
    return new BlockOutline(kind(block), sizes(block), traits(block));
  }

  private static String kind(BlockSpec block) {
    if (block instanceof Experts experts && experts.shared() != null) {
      return "experts and a shared block";
    }

    return Objects.requireNonNullElseGet(
        KINDS.get(block.getClass()), () -> words(block.getClass().getSimpleName()));
  }

  private static List<String> traits(BlockSpec block) {
    if (block instanceof Grouped grouped) {
      return GroupedTraits.of(grouped);
    }

    List<String> traits = new ArrayList<>();
    for (RecordComponent component : block.getClass().getRecordComponents()) {
      if (Boolean.TRUE.equals(value(block, component))) {
        traits.add(words(component.getName()));
      }
    }

    return traits;
  }

  private static Map<String, Integer> sizes(BlockSpec block) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (RecordComponent component : block.getClass().getRecordComponents()) {
      if (value(block, component) instanceof Integer number && number > 0) {
        sizes.put(words(component.getName()), number);
      }
    }

    return sizes;
  }

  private static @Nullable Object value(BlockSpec block, RecordComponent component) {
    try {
      return component.getAccessor().invoke(block);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("%s cannot be read".formatted(component), e);
    }
  }

  private static String words(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
