package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.serve.chat.ChatParsers;
import org.promptembeds.serve.chat.OutputManner;
import org.promptembeds.serve.chat.ToolUse;

/** Reads requests to {@code /v1/chat/completions}. */
final class ChatApi {
  private final ServedModel model;
  private final OutputManner manner;

  ChatApi(ServedModel model) {
    this.model = model;
    this.manner = model.parsers().manner(model.encoder());
  }

  /**
   * Reads a request.
   *
   * @throws ApiException if it cannot be done as asked
   */
  GenerationCall read(ObjectNode body, Requester requester) {
    RequestFields fields = new RequestFields(body);
    String adapter = SharedFields.adapter(fields, model);
    JsonNode messages = fields.find("messages");
    boolean addGenerationPrompt = fields.flag("add_generation_prompt", true);
    ToolFields tools = ToolFields.read(fields);
    checkAuto(tools.use());
    Map<String, Object> variables = TemplateVariables.read(fields, tools, model.encoder());
    boolean tellsThoughts = fields.flag("include_reasoning", true);
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
            .set(ModelParameters.LORA, adapter)
            .set(OutputParameters.LOGPROBS, logprobs && !listed ? top : null);
    ExtrasReader extras = new ExtrasReader(fields, requester.memory());
    refuseFeatures(fields);
    fields.refuseOthers();
    if (top > 0 && !logprobs) {
      throw ApiException.invalid("top_logprobs", "top_logprobs needs logprobs: true");
    }

    ChatPrompt chat =
        new ChatPrompt(
            model, requester.memory(), SamplingFields.truncation(fields, maxTokens, model));
    chat.render(messages, addGenerationPrompt, variables);
    Prompt prompt = chat.embed(extras.ofChat());
    ChatOutput output = new ChatOutput(manner, tools.use(), chat.text(), tellsThoughts);
    SamplingParams checked =
        output.hold(
            params.maxTokens(
                bounded ? maxTokens : Math.max(1, model.maxModelLen() - prompt.length())));
    return new GenerationCall(
        requester.client(),
        List.of(prompt),
        checked,
        outputs,
        stream,
        includeUsage,
        new ChatFormat(new TokenNames(model.encoder(), namedById), logprobs, tokenIds, output));
  }

  /** Models choose to call only what they are told of, and only calls that are found are told. */
  private void checkAuto(ToolUse tools) {
    if (!tools.isOffered() || tools.isForced()) {
      return;
    }

    String remedy = "set tool_choice to required, a function or none";
    if (!manner.readsCalls()) {
      throw ApiException.invalid(
          "tool_choice",
          "tool_choice auto needs the manner in which the model writes calls, and its chat template tells none that is known: start the server with --tool-call-parser (%s), or %s"
              .formatted(String.join(", ", ChatParsers.toolCallNames()), remedy));
    }

    if (!model.encoder().chatTemplate().contains("tools")) {
      throw ApiException.invalid(
          "tools",
          "the model's chat template has no place for tools, so that the model would not know them: "
              + remedy);
    }
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
}
