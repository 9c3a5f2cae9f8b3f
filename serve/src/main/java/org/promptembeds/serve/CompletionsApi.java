package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.parameter.OutputParameters;

/** Reads requests to {@code /v1/completions}. */
final class CompletionsApi {
  /** What OpenAI's API gives to requests that name no number. */
  private static final int DEFAULT_MAX_TOKENS = 16;

  private final ServedModel model;

  CompletionsApi(ServedModel model) {
    this.model = model;
  }

  /**
   * Reads a request.
   *
   * @throws ApiException if it cannot be done as asked
   */
  GenerationCall read(ObjectNode body, Requester requester) {
    RequestFields fields = new RequestFields(body);
    String adapter = SharedFields.adapter(fields, model);
    JsonNode prompt = fields.find("prompt");
    JsonNode promptEmbeds = fields.find("prompt_embeds");
    int n = fields.integer("n", 1);
    int bestOf = fields.integer("best_of", n);
    Outputs outputs = new Outputs(n, bestOf);
    int maxTokens = fields.integer("max_tokens", DEFAULT_MAX_TOKENS);
    Integer logprobs = fields.integer("logprobs");
    boolean echo = fields.flag("echo", false);
    boolean tokenIds = fields.flag("return_token_ids", false);
    boolean namedById = fields.flag("return_tokens_as_token_ids", false);
    boolean stream = fields.flag("stream", false);
    boolean includeUsage = SharedFields.includeUsage(fields, stream);
    PromptScores.check(fields, stream);
    SamplingFields.checkListed(fields, logprobs != null);
    boolean listed = fields.find(OutputParameters.LOGPROB_TOKEN_IDS.name()) != null;
    SamplingParams.Builder params =
        SamplingFields.read(fields)
            .set(ModelParameters.LORA, adapter)
            .maxTokens(maxTokens)
            // The best are found by their log-probabilities, asked for or not.
            .set(
                OutputParameters.LOGPROBS,
                listed ? null : logprobs == null && bestOf > n ? Integer.valueOf(0) : logprobs);
    boolean promptScores = fields.find(OutputParameters.PROMPT_LOGPROBS.name()) != null;
    if (echo && logprobs != null && !promptScores) {
      params.set(OutputParameters.PROMPT_LOGPROBS, logprobs);
    }

    ExtrasReader extras = new ExtrasReader(fields, requester.memory());
    SharedFields.acceptWhatAsksForNothing(fields);
    fields.onlyNeutral("tools", "[]");
    fields.onlyNeutral("tool_choice", "\"none\"", "\"auto\"");
    fields.onlyNeutral("parallel_tool_calls", "false", "true");
    fields.onlyNeutral("suffix", "\"\"");
    fields.onlyNeutral("add_special_tokens", "true");
    fields.refuseOthers();
    checkEcho(echo, logprobs != null && stream, promptEmbeds);
    SamplingParams checked = SamplingFields.build(params);
    List<Prompt> prompts =
        new PromptReader(
                model, requester.memory(), SamplingFields.truncation(fields, maxTokens, model))
            .prompts(prompt, promptEmbeds, extras, outputs);
    return new GenerationCall(
        requester.client(),
        prompts,
        checked,
        outputs,
        stream,
        includeUsage,
        new CompletionFormat(
            new TokenNames(model.encoder(), namedById),
            logprobs != null,
            tokenIds,
            echo,
            promptScores));
  }

  private static void checkEcho(
      boolean echo, boolean streamedLogprobs, @Nullable JsonNode promptEmbeds) {
    if (echo && promptEmbeds != null) {
      throw ApiException.invalid(
          "echo", "echo is not defined for prompt_embeds, which have no text: leave it out");
    }

    if (echo && streamedLogprobs) {
      throw ApiException.invalid(
          "echo",
          "log-probabilities of an echoed prompt are not told in a stream: leave out stream, logprobs or echo");
    }
  }
}
