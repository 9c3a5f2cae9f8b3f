package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.OutputParameters;

/** Reads requests to {@code /v1/chat/completions}. */
final class ChatApi {
  private final ServedModel model;

  ChatApi(ServedModel model) {
    this.model = model;
  }

  /**
   * Reads a request.
   *
   * @throws ApiException if it cannot be done as asked
   */
  GenerationCall read(ObjectNode body, Requester requester) {
    RequestFields fields = new RequestFields(body);
    SharedFields.checkModel(fields, model);
    JsonNode messages = fields.find("messages");
    boolean addGenerationPrompt = fields.flag("add_generation_prompt", true);
    JsonNode variables = fields.find("chat_template_kwargs");
    int n = fields.integer("n", 1);
    Outputs outputs = new Outputs(n, n);
    outputs.check(1);
    boolean logprobs = fields.flag("logprobs", false);
    int top = fields.integer("top_logprobs", 0);
    boolean tokenIds = fields.flag("return_token_ids", false);
    boolean namedById = fields.flag("return_tokens_as_token_ids", false);
    boolean stream = fields.flag("stream", false);
    boolean includeUsage = SharedFields.includeUsage(fields, stream);
    // The newer name for the same.
    int maxTokens = fields.integer("max_completion_tokens", fields.integer("max_tokens", 0));
    boolean bounded = body.hasNonNull("max_completion_tokens") || body.hasNonNull("max_tokens");
    PromptScores.check(fields, stream);
    SamplingFields.checkListed(fields, logprobs);
    boolean listed = fields.find(OutputParameters.LOGPROB_TOKEN_IDS.name()) != null;
    SamplingParams.Builder params =
        SamplingFields.read(fields)
            .set(OutputParameters.LOGPROBS, logprobs && !listed ? top : null);
    ExtrasReader extras = new ExtrasReader(fields, requester.memory());
    refuseFeatures(fields);
    fields.refuseOthers();
    if (top > 0 && !logprobs) {
      throw ApiException.invalid("top_logprobs", "top_logprobs needs logprobs: true");
    }

    Prompt prompt =
        new ChatPrompt(model, requester.memory())
            .read(messages, addGenerationPrompt, variables(variables), extras);
    SamplingParams checked =
        SamplingFields.build(
            params.maxTokens(
                bounded ? maxTokens : Math.max(1, model.maxModelLen() - prompt.length())));
    return new GenerationCall(
        requester.client(),
        List.of(prompt),
        checked,
        outputs,
        stream,
        includeUsage,
        new ChatFormat(new TokenNames(model.encoder(), namedById), logprobs, tokenIds));
  }

  private static void refuseFeatures(RequestFields fields) {
    SharedFields.acceptWhatAsksForNothing(fields);
    fields.onlyNeutral("modalities", "[\"text\"]");
    fields.onlyNeutral("verbosity", "\"medium\"");
    fields.onlyNeutral("echo", "false");
    fields.onlyNeutral("continue_final_message", "false");
    fields.onlyNeutral("add_special_tokens", "false");
    fields.onlyNeutral("documents", "[]");
  }

  @SuppressWarnings("unchecked") // a JSON object is a map with string keys
  private static Map<String, Object> variables(@Nullable JsonNode node) {
    if (node == null) {
      return Map.of();
    }

    if (!node.isObject()) {
      throw RequestFields.wrongType("chat_template_kwargs", "an object", node);
    }

    return (Map<String, Object>) Json.toJava(node);
  }
}
