package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.parameter.FormParameters;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.serve.chat.MessageReader;
import org.promptembeds.serve.chat.OutputManner;
import org.promptembeds.serve.chat.ToolUse;

/**
 * What the messages of one request are: how they are written, read and held to what is asked for.
 *
 * @param prompt the text before them
 * @param tellsThoughts whether thoughts are sent
 */
record ChatOutput(OutputManner manner, ToolUse tools, String prompt, boolean tellsThoughts) {
  MessageReader reader() {
    return manner.reader(tools, prompt);
  }

  int reasoningTokens(int[] tokenIds) {
    return manner.reasoningTokens(tokenIds, prompt);
  }

  /**
   * The parameters by which outputs are what is asked for.
   *
   * @param params as the request has them
   * @throws ApiException saying what is malformed or not supported
   */
  SamplingParams hold(SamplingParams.Builder params) {
    SamplingParams asked = SamplingFields.build(params);
    if (manner.needsSpecialTokens(tools)) {
      params.set(OutputParameters.SKIP_SPECIAL_TOKENS, false);
    }

    JsonNode content = StructuredOutput.of(asked).map(ContentForm::of).orElse(null);
    JsonNode form = manner.form(tools, prompt, content);
    if (form != null && !form.equals(content)) {
      setForm(params, form);
    }

    return SamplingFields.build(params);
  }

  private static void setForm(SamplingParams.Builder params, @Nullable JsonNode form) {
    for (Parameter<?> parameter : FormParameters.all()) {
      if (!parameter.equals(FormParameters.DISABLE_ANY_WHITESPACE)) {
        params.set(parameter, null);
      }
    }

    ObjectNode tag = Json.object();
    tag.set("format", form);
    params.set(FormParameters.STRUCTURAL_TAG, tag.toString());
  }
}
