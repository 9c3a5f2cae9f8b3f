package org.promptembeds.serve.chat;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A function that a model may call.
 *
 * @param parameters JSON Schema of its arguments
 * @param strict whether its arguments hold to the schema wherever it is called
 */
public record Tool(String name, JsonNode parameters, boolean strict) {}
