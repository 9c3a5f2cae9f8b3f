package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fields that mean the same in both APIs. */
final class SharedFields {
  private SharedFields() {}

  /** Checks the field {@code model}, if it is there. */
  static void checkModel(RequestFields fields, ServedModel model) {
    String asked = fields.text("model");
    if (asked != null && !asked.equals(model.name())) {
      throw ApiException.noModel(asked, model.name());
    }
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
    inner.refuseOthers();
    return includeUsage;
  }
}
