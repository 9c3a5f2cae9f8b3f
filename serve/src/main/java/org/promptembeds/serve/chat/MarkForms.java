package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.model.PromptEncoder;

/** What a vocabulary makes of marks: plain text, or special tokens of that name. */
record MarkForms(PromptEncoder encoder) {
  /** Whether a mark is a special token, which text leaves out unless it is asked for. */
  boolean isSpecial(String mark) {
    try {
      int[] ids = encoder.tokenIds(mark, false);
      return ids.length == 1 && !encoder.text(ids).contains(mark);
    } catch (InvalidRequestException e) {
      return false; // without a tokenizer nothing is text
    }
  }

  boolean hasSpecial(Collection<String> marks) {
    return marks.stream().anyMatch(this::isSpecial);
  }

  /** The form of a mark. */
  JsonNode of(String mark) {
    return isSpecial(mark) ? Forms.specialToken(mark) : Forms.text(mark);
  }
}
