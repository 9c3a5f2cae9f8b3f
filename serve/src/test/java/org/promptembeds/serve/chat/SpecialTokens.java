package org.promptembeds.serve.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.promptembeds.model.PromptEncoder;
import org.promptembeds.tensor.Tensor;

/** Tokens are characters, and what a pattern matches is one special token. */
final class SpecialTokens implements PromptEncoder {
  private static final int FIRST = 0x110000;

  private final Pattern special;
  private final List<String> names = new ArrayList<>();

  SpecialTokens(Pattern special) {
    this.special = special;
  }

  @Override
  public int[] tokenIds(String text, boolean addSpecialTokens) {
    IntStream.Builder ids = IntStream.builder();
    int from = 0;
    for (Matcher mark = special.matcher(text); mark.find(); from = mark.end()) {
      text.substring(from, mark.start()).chars().forEach(ids);
      if (!names.contains(mark.group())) {
        names.add(mark.group());
      }

      ids.add(FIRST + names.indexOf(mark.group()));
    }

    text.substring(from).chars().forEach(ids);
    return ids.build().toArray();
  }

  @Override
  public String text(int[] tokenIds) {
    return Arrays.stream(tokenIds)
        .filter(id -> id < FIRST)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Override
  public String textWithSpecialTokens(int[] tokenIds) {
    return Arrays.stream(tokenIds)
        .mapToObj(id -> id < FIRST ? Character.toString(id) : names.get(id - FIRST))
        .collect(Collectors.joining());
  }

  @Override
  public Tensor embed(int[] tokenIds) {
    throw new UnsupportedOperationException("there are no embeddings");
  }

  @Override
  public String renderChat(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
    throw new UnsupportedOperationException("there is no template");
  }

  @Override
  public void close() {}
}
