package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** How a model writes the parts of a message. Safe for use by many threads. */
public interface OutputManner {
  /** Whether calls are found where the model chooses to call. */
  boolean readsCalls();

  /** Whether thoughts are told apart from answers. */
  boolean readsThoughts();

  /** Whether text must have special tokens in it to be read. */
  boolean needsSpecialTokens(ToolUse tools);

  /**
   * A reader of one message.
   *
   * @param prompt the text before the message
   */
  MessageReader reader(ToolUse tools, String prompt);

  /**
   * The form of messages that hold to what is asked for, as the {@code format} of a structural tag.
   *
   * @param prompt the text before the message
   * @param content the form of answers; null if they may be anything
   * @return null if messages may be anything; {@code content} itself if there is no more to it
   */
  @Nullable JsonNode form(ToolUse tools, String prompt, @Nullable JsonNode content);

  /**
   * How many tokens of a message are thoughts.
   *
   * @param prompt the text before the message
   */
  int reasoningTokens(int[] tokenIds, String prompt);

  /** A new name of a call. */
  String newCallId();
}
