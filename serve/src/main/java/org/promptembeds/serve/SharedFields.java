package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields that mean the same in both APIs. */
final class SharedFields {
  private SharedFields() {}

  /**
   * Reads the field {@code model}: the adapter that it names; null for the model itself.
   *
   * @throws ApiException if there is no model of that name
   */
  static @Nullable String adapter(RequestFields fields, ServedModel model) {
    String asked = fields.text("model");
    if (asked == null || asked.equals(model.name())) {
      return null;
    }

    model.require(asked);
    return asked;
  }

  /** Reads {@code stream_options}: whether a stream ends with the counts of tokens. */
  static boolean includeUsage(RequestFields fields, boolean stream) {
    JsonNode options = fields.find("stream_options");
    if (options == null) {
      return false;
    }

    if (!stream || !(options instanceof ObjectNode object)) {
      throw ApiException.invalid(
          "stream_options", "stream_options must be an object, and needs stream: true");
    }

    RequestFields inner = new RequestFields(object);
    boolean includeUsage = inner.flag("include_usage", false);
    inner.onlyNeutral("include_obfuscation", "false");
    inner.onlyNeutral("continuous_usage_stats", "false");
    inner.refuseOthers();
    return includeUsage;
  }

  /**
   * Takes what clients send of features that are not here, where it asks for nothing: fields that
   * only label a request, and the values that OpenAI and vLLM document as their defaults.
   */
  static void acceptWhatAsksForNothing(RequestFields fields) {
    for (String label :
        List.of("user", "metadata", "prompt_cache_key", "safety_identifier", "request_id")) {
      fields.withoutEffect(label);
    }

    fields.onlyNeutral("service_tier", "\"auto\"", "\"default\"");
    fields.onlyNeutral("store", "false");
    fields.onlyNeutral("functions", "[]");
    fields.onlyNeutral("function_call", "\"none\"", "\"auto\"");
    fields.onlyNeutral("logits_processors", "[]");
    fields.onlyNeutral("priority", "0");
    fields.onlyNeutral("vllm_xargs", "{}");
  }
}
