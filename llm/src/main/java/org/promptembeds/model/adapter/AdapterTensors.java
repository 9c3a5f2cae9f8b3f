package org.promptembeds.model.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.TensorFile.Entry;

/** The tensors of an adapter by the module that they are for. */
final class AdapterTensors {
  /** What PEFT puts before the names of the model's modules. */
  private static final String WRAPPER = "base_model.model.";

  /** The name of the adapter, which PEFT leaves out, may be there. */
  private static final Pattern NAME =
      Pattern.compile("(?<module>.+)\\.lora_(?<kind>[AB])(\\.[^.]+)?\\.weight");

  /** The two tensors of a module, of which one may be missing. */
  static final class Pair {
    private @Nullable Entry down;
    private @Nullable Entry up;

    @Nullable Entry down() {
      return down;
    }

    @Nullable Entry up() {
      return up;
    }
  }

  private final Map<String, Pair> modules = new TreeMap<>();
  private final List<String> others = new ArrayList<>();

  AdapterTensors(List<Entry> entries) {
    for (Entry entry : entries) {
      Matcher name = NAME.matcher(entry.name());
      if (!name.matches()) {
        others.add(entry.name());
        continue;
      }

      String module = name.group("module");
      Pair pair =
          modules.computeIfAbsent(
              module.startsWith(WRAPPER) ? module.substring(WRAPPER.length()) : module,
              key -> new Pair());
      if (name.group("kind").equals("A")) {
        pair.down = entry;
      } else {
        pair.up = entry;
      }
    }
  }

  Map<String, Pair> modules() {
    return modules;
  }

  /** Names of tensors that are not of this kind. */
  List<String> others() {
    return others;
  }
}
