package org.promptembeds.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.GenerationDelta;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.TokenLogprobs;

/**
 * One output of a request, and how much of it has been sent: what grows while the client takes
 * nothing is put together.
 */
final class GrowingOutput {
  private final Prompt prompt;
  private final ResponseFormat.ChoiceWriter writer;
  private final List<GenerationDelta> held = new ArrayList<>();
  private int textSent;
  private int tokensSent;
  private @Nullable GenerationResult result;

  GrowingOutput(int index, Prompt prompt, ResponseFormat format) {
    this.prompt = prompt;
    this.writer = format.choice(index, prompt);
  }

  Prompt prompt() {
    return prompt;
  }

  /** The whole output. */
  GenerationResult finished() {
    if (result == null) {
      throw new IllegalStateException("the output is not finished");
    }

    return result;
  }

  void grow(GenerationDelta delta) {
    held.add(delta);
  }

  /** The next piece; null if it would say nothing. */
  @Nullable ObjectNode next() {
    if (held.isEmpty()) {
      return null;
    }

    StringBuilder text = new StringBuilder();
    List<TokenLogprobs> logprobs = new ArrayList<>();
    for (GenerationDelta delta : held) {
      text.append(delta.text());
      logprobs.addAll(delta.logprobs());
    }

    int[] tokenIds = held.stream().flatMapToInt(delta -> Arrays.stream(delta.tokenIds())).toArray();
    held.clear();
    textSent += text.length();
    tokensSent += tokenIds.length;
    return writer.piece(text.toString(), tokenIds, logprobs);
  }

  /** Takes the whole output. */
  void finish(GenerationResult whole) {
    result = whole;
    held.clear();
  }

  /** What has not been sent, and why the output ended. */
  ObjectNode end() {
    GenerationResult whole = finished();
    String text = whole.text() == null ? "" : whole.text();
    int[] tokens = whole.tokenIds();
    int from = Math.min(tokensSent, tokens.length);
    return writer.last(
        text.substring(Math.min(textSent, text.length())),
        Arrays.copyOfRange(tokens, from, tokens.length),
        whole.logprobs().isEmpty()
            ? List.of()
            : whole.logprobs().subList(from, whole.logprobs().size()),
        whole.finishReason());
  }

  double meanLogprob() {
    return finished().logprobs().stream()
        .mapToDouble(TokenLogprobs::logprob)
        .average()
        .orElse(Double.NEGATIVE_INFINITY);
  }
}
