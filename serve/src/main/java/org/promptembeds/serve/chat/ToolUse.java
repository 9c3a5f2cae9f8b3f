package org.promptembeds.serve.chat;

import java.util.List;

/**
 * The functions of a request.
 *
 * @param tools what there is
 * @param choice which of them are called
 * @param parallel whether one message may call several
 */
public record ToolUse(List<Tool> tools, ToolChoice choice, boolean parallel) {
  /** No functions. */
  public static final ToolUse NONE = new ToolUse(List.of(), new ToolChoice.None(), true);

  public ToolUse {
    tools = List.copyOf(tools);
  }

  /** Whether the model is told of functions. */
  public boolean isOffered() {
    return !(choice instanceof ToolChoice.None);
  }

  /** Whether a message must call a function. */
  public boolean isForced() {
    return choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
  }

  /** The functions that may be called. */
  List<Tool> callable() {
    return choice instanceof ToolChoice.Named named
        ? tools.stream().filter(tool -> tool.name().equals(named.function())).toList()
        : tools;
  }

  boolean has(String function) {
    return tools.stream().anyMatch(tool -> tool.name().equals(function));
  }
}
