package org.promptembeds.serve.chat;

import java.util.List;
import java.util.Set;

/**
 * How a family of models writes calls among text.
 *
 * @param open what stands before a call, or before a list of them
 * @param close what stands behind it; empty if nothing does
 * @param argumentKeys what an object of a call has its arguments under
 * @param bare whether a call may begin the text without a mark; then it must be of a known function
 * @param separators characters that may stand between calls and around their list
 * @param nameEnds what may stand between the name and the arguments of a call that is no object;
 *     empty if calls are objects
 */
record CallSyntax(
    String open,
    String close,
    Set<String> argumentKeys,
    boolean bare,
    String separators,
    List<String> nameEnds) {

  /** Hermes and Qwen: {@code <tool_call>{"name": …, "arguments": …}</tool_call>}. */
  static final CallSyntax HERMES =
      new CallSyntax("<tool_call>", "</tool_call>", Set.of("arguments"), false, "", List.of());

  /** Llama 3: {@code {"name": …, "parameters": …}}, a mark before it or not, and semicolons. */
  static final CallSyntax LLAMA3 =
      new CallSyntax(
          "<|python_tag|>", "", Set.of("parameters", "arguments"), true, ";,", List.of());

  /**
   * Mistral: {@code [TOOL_CALLS][{"name": …, "arguments": …}, …]}, and of newer models {@code
   * [TOOL_CALLS]name[ARGS]{…}}.
   */
  static final CallSyntax MISTRAL =
      new CallSyntax(
          "[TOOL_CALLS]",
          "",
          Set.of("arguments"),
          false,
          "[],",
          List.of("[CALL_ID]", "[ARGS]", "{"));

  Marks opening() {
    return Marks.of(open);
  }

  boolean isSeparator(char c) {
    return Character.isWhitespace(c) || separators.indexOf(c) >= 0;
  }
}
