package org.promptembeds.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.promptembeds.generation.StructuredOutput;

/** What an output must look like, as the format of a structural tag that can be part of another. */
final class ContentForm {
  private ContentForm() {}

  static JsonNode of(StructuredOutput output) {
    String text = output.texts().isEmpty() ? "" : output.texts().get(0);
    return switch (output.kind()) {
      case CHOICE -> {
        ObjectNode choice = form("or");
        ArrayNode elements = choice.putArray("elements");
        output.texts().forEach(one -> elements.add(form("const_string").put("value", one)));
        yield choice;
      }
      case REGEX -> form("regex").put("pattern", text);
      case JSON_OBJECT ->
          form("json_schema").set("json_schema", Json.object().put("type", "object"));
      case JSON_SCHEMA -> form("json_schema").set("json_schema", Json.value(text));
      case GRAMMAR -> form("grammar").put("grammar", text);
      case STRUCTURAL_TAG -> ofTag(Json.value(text));
    };
  }

  private static ObjectNode form(String type) {
    return Json.object().put("type", type);
  }

  /** The format of a tag, also of one that is in the older manner. */
  private static JsonNode ofTag(JsonNode tag) {
    if (!tag.has("structures")) {
      return tag.path("format");
    }

    ObjectNode form = form("triggered_tags");
    form.set("triggers", tag.path("triggers"));
    ArrayNode tags = form.putArray("tags");
    for (JsonNode structure : tag.path("structures")) {
      ObjectNode one = tags.addObject().put("type", "tag");
      one.set("begin", structure.path("begin"));
      one.set("content", form("json_schema").set("json_schema", structure.path("schema")));
      one.set("end", structure.path("end"));
    }

    return form;
  }
}
