package org.promptembeds.model.family;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The supported model types. */
public final class ModelFamilies {
  private static final SortedMap<String, ModelFamily> BY_TYPE = new TreeMap<>();

  static {
    add(new Lfm2Family());
    add(new LlamaFamily());
    add(new MistralFamily());
    add(new MixtralFamily());
    add(new Qwen3MoeFamily());
    add(new Qwen2Family());
    add(new Qwen3Family());
  }

  private ModelFamilies() {}

  private static void add(ModelFamily family) {
    BY_TYPE.put(family.modelType(), family);
  }

  public static Optional<ModelFamily> find(String modelType) {
    return Optional.ofNullable(BY_TYPE.get(modelType));
  }

  public static Set<String> modelTypes() {
    return BY_TYPE.keySet();
  }
}
