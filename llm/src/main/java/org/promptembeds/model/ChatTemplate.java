package org.promptembeds.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.jinja.JinjaException;
import org.promptembeds.jinja.RaisedException;
import org.promptembeds.jinja.Template;

/**
 * The chat template of a model: turns a conversation into the text of a prompt, byte for byte as
 * transformers' {@code apply_chat_template} does. Immutable, and safe for use by many threads.
 *
 * <p>Found where transformers finds it: {@code chat_template.jinja} and {@code
 * additional_chat_templates/*.jinja}, else {@code chat_template} in {@code tokenizer_config.json},
 * a string or a list of named templates.
 */
public final class ChatTemplate {
  private static final String DEFAULT = "default";
  private static final String TOOL_USE = "tool_use";
  private static final String FILE = "chat_template.jinja";

  /** A template, its text, and where that is, for messages. */
  private record Source(Path file, String text, Template template) {}

  private final Map<String, Source> templates;
  private final Map<String, Object> specialTokens;
  private final Clock clock;

  private ChatTemplate(
      Map<String, Source> templates, Map<String, Object> specialTokens, Clock clock) {
    this.templates = templates;
    this.specialTokens = specialTokens;
    this.clock = clock;
  }

  /**
   * The chat template of the model in {@code modelDirectory}, or nothing where it has none.
   *
   * @throws BackendException with the file and line where a template cannot be parsed
   */
  public static Optional<ChatTemplate> open(Path modelDirectory) {
    return open(modelDirectory, Clock.system(ZoneId.systemDefault()));
  }

  static Optional<ChatTemplate> open(Path modelDirectory, Clock clock) {
    JsonNode config = TokenizerJson.read(modelDirectory.resolve(TokenizerJson.CONFIG));
    Map<String, Source> templates = new LinkedHashMap<>();

    try {
      addFiles(templates, modelDirectory);

      if (templates.isEmpty()) {
        addConfigured(
            templates, modelDirectory.resolve(TokenizerJson.CONFIG), config.path("chat_template"));
      }
    } catch (IOException e) {
      throw new BackendException("cannot read a chat template of " + modelDirectory, e);
    }

    return templates.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ChatTemplate(
                templates, TokenizerJson.specialTokens(modelDirectory, config), clock));
  }

  private static void addFiles(Map<String, Source> templates, Path directory) throws IOException {
    Path file = directory.resolve(FILE);

    if (Files.isRegularFile(file)) {
      templates.put(DEFAULT, parse(file, Files.readString(file)));
    }

    Path additional = directory.resolve("additional_chat_templates");

    if (Files.isDirectory(additional)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(additional, "*.jinja")) {
        for (Path path : files) {
          String name = path.getFileName().toString();
          templates.put(
              name.substring(0, name.length() - ".jinja".length()),
              parse(path, Files.readString(path)));
        }
      }
    }
  }

  private static void addConfigured(Map<String, Source> templates, Path file, JsonNode node) {
    if (node.isTextual()) {
      templates.put(DEFAULT, parse(file, node.asText()));
    }

    for (JsonNode named : node.isArray() ? node : List.<JsonNode>of()) {
      if (!named.path("name").isTextual() || !named.path("template").isTextual()) {
        throw new BackendException(
            file + ": chat_template lists something other than {\"name\": …, \"template\": …}");
      }

      templates.put(named.get("name").asText(), parse(file, named.get("template").asText()));
    }
  }

  private static Source parse(Path file, String text) {
    try {
      return new Source(file, text, Template.parse(text));
    } catch (JinjaException e) {
      throw new BackendException(message(file, e), e);
    }
  }

  private static String message(Path file, JinjaException failure) {
    return "chat template in %s, %s".formatted(file, failure.getMessage());
  }

  /**
   * The prompt for a conversation.
   *
   * @param messages in order; usually {@code role} and {@code content} of each
   * @param addGenerationPrompt whether the prompt ends where the assistant begins to speak
   * @param variables what else the template may read, such as {@code tools}, {@code documents} or
   *     {@code enable_thinking}; values are strings, booleans, numbers, maps, lists and nulls
   * @throws InvalidRequestException where the template refuses the conversation or cannot be
   *     rendered with it; the message names the file and line
   */
  public String render(
      List<? extends Map<String, ?>> messages,
      boolean addGenerationPrompt,
      Map<String, ?> variables) {
    Map<String, Object> all = new HashMap<>(specialTokens);
    all.put("tools", null);
    all.put("documents", null);
    all.putAll(variables);
    all.put("messages", messages);
    all.put("add_generation_prompt", addGenerationPrompt);
    Source source = choose(all.get("tools") != null);

    try {
      return source.template().render(all, clock);
    } catch (RaisedException e) {
      throw new InvalidRequestException(
          "the chat template refuses the conversation: " + e.reason(), e);
    } catch (JinjaException e) {
      throw new InvalidRequestException(message(source.file(), e), e);
    }
  }

  /** What the templates are written as: the one for tools, if there is one, and the default. */
  public String source() {
    StringBuilder text = new StringBuilder();
    for (String name : List.of(TOOL_USE, DEFAULT)) {
      Source source = templates.get(name);
      text.append(source == null ? "" : source.text());
    }

    return text.toString();
  }

  /** With tools the template named {@code tool_use} where there is one, else the default. */
  private Source choose(boolean tools) {
    Source forTools = templates.get(TOOL_USE);
    Source source = tools && forTools != null ? forTools : templates.get(DEFAULT);

    if (source == null) {
      throw new InvalidRequestException(
          "the model has no chat template named 'default', only "
              + new TreeMap<>(templates).keySet());
    }

    return source;
  }
}
