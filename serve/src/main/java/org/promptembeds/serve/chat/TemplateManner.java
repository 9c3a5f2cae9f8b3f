package org.promptembeds.serve.chat;

/**
 * Guesses by a chat template how its model writes: it shows the model's own calls and thoughts.
 *
 * @param template its source
 */
record TemplateManner(String template) {
  /** The manner of calls, {@code none} if it is none of those that are known. */
  String toolCalls() {
    if (isHarmony()) {
      return "openai";
    }

    if (has("[TOOL_CALLS]")) {
      return "mistral";
    }

    if (has("<tool_call>")) {
      boolean isXml = has("<function=") || has("<arg_key>");
      return isXml ? "none" : "hermes";
    }

    boolean isLlama = has("<|python_tag|>") || (has("ipython") && has("\"parameters\""));
    return isLlama ? "llama3_json" : "none";
  }

  /** The manner of thoughts, {@code none} if it is none of those that are known. */
  String reasoning() {
    if (isHarmony()) {
      return "openai_gptoss";
    }

    return has("</think>") ? "qwen3" : "none";
  }

  private boolean isHarmony() {
    return has("<|channel|>") && has("<|start|>");
  }

  private boolean has(String text) {
    return template.contains(text);
  }
}
