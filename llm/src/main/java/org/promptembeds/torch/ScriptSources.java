package org.promptembeds.torch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The source files that an object needs: that of its own class, those of the objects it holds, and
 * what these refer to. A block's operators need to exist only where a model has such a block.
 */
final class ScriptSources {
  private static final Pattern REFERENCE = Pattern.compile("__torch__\\.([a-z0-9_]+)\\.");

  private final Map<String, String> sources = new TreeMap<>();
  private final Deque<String> pending = new ArrayDeque<>();

  /** Of operators of our own; empty without them. */
  private final String operators;

  private ScriptSources(String operators) {
    this.operators = operators;
  }

  /**
   * Source text by qualified name.
   *
   * @param root whose class is defined by {@code rootSource}, which becomes {@code __torch__}
   */
  static Map<String, String> of(ScriptObject root, String rootSource) {
    return of(root, rootSource, "");
  }

  /**
   * The same with {@code kernels_cuda.py} in the place of {@code kernels.py}.
   *
   * @param operators namespace of our own operators; empty for PyTorch's alone
   */
  static Map<String, String> of(ScriptObject root, String rootSource, String operators) {
    ScriptSources collected = new ScriptSources(operators);
    collected.sources.put("__torch__", rootSource);
    collected.mention(rootSource);
    collected.visit(root);
    while (!collected.pending.isEmpty()) {
      collected.add(collected.pending.remove());
    }

    return collected.sources;
  }

  private void visit(Object value) {
    if (value instanceof ScriptObject object) {
      mention(object.type() + ".");
      object.attributes().values().forEach(this::visit);
    } else if (value instanceof ModulePickle.Shared shared) {
      visit(shared.object());
    } else if (value instanceof ModulePickle.Objects objects) {
      objects.items().forEach(this::visit);
    }
  }

  private void mention(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      pending.add(matcher.group(1));
    }
  }

  private void add(String file) {
    String name = "__torch__." + file;
    if (sources.containsKey(name)) {
      return;
    }

    String source = read(file).replace("ops.own.", "ops." + operators + ".");
    sources.put(name, source);
    mention(source);
  }

  private String read(String file) {
    if (file.equals("step")) {
      return StepSource.write();
    }

    boolean twin = file.equals("kernels") && !operators.isEmpty();
    return TorchScriptArchive.resource(twin ? "kernels_cuda.py" : file + ".py");
  }
}
