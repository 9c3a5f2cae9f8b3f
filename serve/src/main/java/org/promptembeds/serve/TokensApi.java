package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.PromptTruncation;

/** Answers requests to {@code /tokenize} and {@code /detokenize}, as vLLM has them. */
final class TokensApi {
  private static final String PROMPT = "prompt";
  private static final String TOKENS = "tokens";

  private final ServedModel model;

  TokensApi(ServedModel model) {
    this.model = model;
  }

  /** The tokens of a text, or of a chat. */
  ObjectNode tokenize(ObjectNode body, Requester requester) {
    RequestFields fields = new RequestFields(body);
    SharedFields.adapter(fields, model); // checks it
    boolean isChat = fields.find("messages") != null;
    String text = isChat ? chat(fields, requester) : fields.text(PROMPT);
    boolean addSpecialTokens = fields.flag("add_special_tokens", !isChat);
    boolean asTexts = fields.flag("return_token_strs", false);
    fields.onlyNeutral("continue_final_message", "false");
    fields.refuseOthers();
    if (text == null) {
      throw ApiException.invalid(PROMPT, "there is nothing to tokenize: give prompt or messages");
    }

    return answer(model.encoder().tokenIds(text, addSpecialTokens), asTexts);
  }

  private String chat(RequestFields fields, Requester requester) {
    @Nullable JsonNode messages = fields.find("messages");
    boolean addGenerationPrompt = fields.flag("add_generation_prompt", true);
    Map<String, Object> variables =
        TemplateVariables.read(fields, ToolFields.read(fields), model.encoder());
    ChatPrompt chat = new ChatPrompt(model, requester.memory(), PromptTruncation.NONE);
    chat.render(messages, addGenerationPrompt, variables);
    if (chat.hasEmbeddings()) {
      throw ApiException.invalid(
          "messages", "the messages have embeddings, which have no tokens: give text alone");
    }

    return chat.text();
  }

  private ObjectNode answer(int[] tokenIds, boolean asTexts) {
    ObjectNode answer = Json.object();
    answer.put("count", tokenIds.length);
    answer.put("max_model_len", model.maxModelLen());
    ArrayNode ids = answer.putArray(TOKENS);
    ArrayNode texts = Json.array();
    for (int id : tokenIds) {
      ids.add(id);
      if (asTexts) {
        texts.add(model.encoder().textWithSpecialTokens(new int[] {id}));
      }
    }

    answer.set("token_strs", asTexts ? texts : null);
    return answer;
  }

  /** The text of tokens, special ones included. */
  ObjectNode detokenize(ObjectNode body) {
    RequestFields fields = new RequestFields(body);
    SharedFields.adapter(fields, model); // checks it
    List<Integer> tokens = fields.integers(TOKENS);
    fields.refuseOthers();
    if (tokens == null || tokens.stream().anyMatch(id -> id < 0)) {
      throw ApiException.invalid(TOKENS, "tokens must be a list of token ids, none below 0");
    }

    int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
    return Json.object().put(PROMPT, model.encoder().textWithSpecialTokens(ids));
  }
}
