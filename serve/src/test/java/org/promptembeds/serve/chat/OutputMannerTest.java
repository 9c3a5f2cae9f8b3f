package org.promptembeds.serve.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.generation.StructuredOutput.Kind;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.grammar.OutputGrammars;
import org.promptembeds.grammar.automaton.ReadState;
import org.promptembeds.grammar.automaton.Reader;

/** Which messages the forms of each manner take. Marks in brackets or bars are special tokens. */
class OutputMannerTest {
  private static final Pattern SPECIAL = Pattern.compile("\\[[A-Z_]+]|<\\|[a-z_]+\\|>");
  private static final SpecialTokens ENCODER = new SpecialTokens(SPECIAL);
  private static final ToolChoice AUTO = new ToolChoice.Auto();
  private static final ToolChoice REQUIRED = new ToolChoice.Required();
  private static final JsonNode CONTENT = Forms.regex("yes|no");
  private static final JsonNode SCHEMA =
      json(
          "{'type': 'object', 'properties': {'x': {'type': 'integer'}}, 'required': ['x'],"
              + " 'additionalProperties': false}");
  private static final List<Tool> TOOLS =
      List.of(new Tool("f", SCHEMA, true), new Tool("g", SCHEMA, false));

  private static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static OutputManner manner(String calls, String thoughts) {
    return new ChatParsers(calls, thoughts).manner(ENCODER);
  }

  private static boolean takes(@Nullable JsonNode form, String message) {
    String tag = "{\"format\": %s}".formatted(Objects.requireNonNull(form));
    Reader reader = new Reader(OutputGrammars.of(StructuredOutput.of(Kind.STRUCTURAL_TAG, tag)));
    ReadState state = reader.next(reader.start(), bytes(message));
    return state != null && state.isAccepting();
  }

  private static byte[] bytes(String message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int from = 0;
    for (Matcher mark = SPECIAL.matcher(message); mark.find(); from = mark.end()) {
      bytes.writeBytes(message.substring(from, mark.start()).getBytes(StandardCharsets.UTF_8));
      bytes.writeBytes(TokenDecoder.specialBytes(mark.group()));
    }

    bytes.writeBytes(message.substring(from).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  /** A text of the tables below, which have other quotes and a mark for new lines. */
  private static String unescaped(String text) {
    return text.replace('\'', '"').replace('~', '\n');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "hermes; <tool_call>~{'name': 'f', 'arguments': {'x': 1}}~</tool_call>; true",
        "hermes; <tool_call>~{'name': 'f', 'arguments': {'x': 1}}~</tool_call>~<tool_call>~{'name': 'g', 'arguments': {'x': 2}}~</tool_call>; true",
        "hermes; <tool_call>~{'name': 'g', 'arguments': {'x': 'a'}}~</tool_call>; false",
        "hermes; <tool_call>~{'name': 'h', 'arguments': {'x': 1}}~</tool_call>; false",
        "hermes; No.; false",
        "llama3_json; {'name': 'f', 'parameters': {'x': 1}}; true",
        "llama3_json; {'name': 'f', 'parameters': {}}; false",
        "mistral; [TOOL_CALLS]f[ARGS]{'x': 1}[TOOL_CALLS]g[ARGS]{'x': 2}; true",
        "mistral; [TOOL_CALLS]f[ARGS]{}; false",
        "openai; <|channel|>commentary to=functions.f <|constrain|>json<|message|>{'x': 1}; true",
        "openai; <|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.g <|constrain|>json<|message|>{'x': 1}; true",
        "openai; <|channel|>analysis<|message|>Hm.; false",
        "openai; <|channel|>final<|message|>No.; false",
      })
  void requiredIsCallsAlone(String calls, String message, boolean expected) {
    JsonNode form = manner(calls, "none").form(new ToolUse(TOOLS, REQUIRED, true), "", CONTENT);
    assertThat(takes(form, unescaped(message))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "hermes; No, <tool is no call.; true",
        "hermes; See: <tool_call>~{'name': 'f', 'arguments': {'x': 1}}~</tool_call>; true",
        "hermes; See: <tool_call>~{'name': 'g', 'arguments': {'y': [2]}}~</tool_call>; true",
        "hermes; See: <tool_call>~{'name': 'f', 'arguments': {'y': 1}}~</tool_call>; false",
        "llama3_json; Some text, {and braces}; true",
        "llama3_json; <|python_tag|>{'name': 'f', 'parameters': {'x': 1}}; true",
        "llama3_json; {'name': 'f', 'parameters': {'x': 'a'}}; false",
        "mistral; See:[TOOL_CALLS]f[ARGS]{'x': 1}; true",
        "mistral; See.; true",
        "mistral; [TOOL_CALLS]f[ARGS]{'y': 1}; false",
        "openai; <|channel|>final<|message|>No.; true",
        "openai; <|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{'x': 1}; true",
        "openai; <|channel|>commentary to=functions.f <|constrain|>json<|message|>{'y': 1}; false",
      })
  void strictFunctionsAreHeldToTheirSchemas(String calls, String message, boolean expected) {
    JsonNode form = manner(calls, "none").form(new ToolUse(TOOLS, AUTO, true), "", null);
    assertThat(takes(form, unescaped(message))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "qwen3; ``; yes; true",
        "qwen3; ``; <think>~Hm.~</think>~~yes; true",
        "qwen3; ``; <think>~Hm.; false",
        "qwen3; ``; maybe; false",
        "qwen3; <think>~; Hm.</think>no; true",
        "qwen3; <think>~; no; false",
        "qwen3; <think>~~</think>~~; no; true",
        "qwen3; <think>~~</think>~~; Hm.</think>no; false",
        "deepseek_r1; ``; Hm.</think>no; true",
        "deepseek_r1; ``; no; false",
        "openai_gptoss; ``; <|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>no; true",
        "openai_gptoss; ``; <|channel|>final<|message|>maybe; false",
        "none; ``; no; true",
      })
  void contentHasItsFormAfterThoughts(
      String thoughts, String prompt, String message, boolean expected) {
    JsonNode form = manner("none", thoughts).form(ToolUse.NONE, unescaped(prompt), CONTENT);
    assertThat(takes(form, unescaped(message))).isEqualTo(expected);
  }

  @Test
  void contentWithAFormStaysBesideCalls() {
    JsonNode form = manner("hermes", "none").form(new ToolUse(TOOLS, AUTO, true), "", CONTENT);
    assertThat(takes(form, "yes")).isTrue();
    assertThat(takes(form, "maybe")).isFalse();
    assertThat(
            takes(form, "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1}}\n</tool_call>"))
        .isTrue();
  }

  @Test
  void nothingIsHeldThatNeedNotBe() {
    List<Tool> loose = List.of(new Tool("g", SCHEMA, false));
    for (String calls : List.of("hermes", "openai", "none")) {
      OutputManner manner = manner(calls, "none");
      assertThat(manner.form(new ToolUse(loose, AUTO, true), "", null)).isNull();
      assertThat(manner.form(ToolUse.NONE, "", null)).isNull();
    }

    assertThat(manner("hermes", "none").form(ToolUse.NONE, "", CONTENT)).isSameAs(CONTENT);
  }

  @Test
  void onlySpecialMarksAreAskedFor() {
    ToolUse tools = new ToolUse(TOOLS, AUTO, true);
    assertThat(manner("hermes", "qwen3").needsSpecialTokens(tools)).isFalse();
    assertThat(manner("mistral", "none").needsSpecialTokens(tools)).isTrue();
    assertThat(manner("mistral", "none").needsSpecialTokens(ToolUse.NONE)).isFalse();
    assertThat(manner("openai", "none").needsSpecialTokens(ToolUse.NONE)).isTrue();
  }

  @Test
  void tokensOfThoughtsAreCounted() {
    int[] harmony =
        ENCODER.tokenIds(
            "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>no",
            false);
    // Three marks, and a token for each character between.
    assertThat(manner("none", "openai_gptoss").reasoningTokens(harmony, ""))
        .isEqualTo(3 + "analysis".length() + "Hm".length());
    assertThat(
            manner("none", "deepseek_r1")
                .reasoningTokens(ENCODER.tokenIds("Hm.</think>no", false), ""))
        .isEqualTo("Hm.</think>".length());
  }

  @ParameterizedTest
  @CsvSource({
    "qwen25-tools-style, true, false",
    "qwen3-think-style, true, true",
    "llama31-tools-style, true, false",
    "deepseek-r1-style, false, true",
    "chatml, false, false",
    "gemma-style, false, false"
  })
  void templatesTellTheirManner(String template, boolean calls, boolean thoughts)
      throws IOException {
    Path file =
        Path.of("..", "llm", "src", "test", "resources", "templates", "chat", template + ".jinja");
    TemplateManner manner = new TemplateManner(Files.readString(file));
    assertThat(!manner.toolCalls().equals("none")).isEqualTo(calls);
    assertThat(!manner.reasoning().equals("none")).isEqualTo(thoughts);
  }

  @Test
  void templatesTellWhichManner() {
    assertThat(new TemplateManner("'<tool_call>' \"arguments\"").toolCalls()).isEqualTo("hermes");
    assertThat(new TemplateManner("<tool_call> <function=").toolCalls()).isEqualTo("none");
    assertThat(new TemplateManner("[TOOL_CALLS]").toolCalls()).isEqualTo("mistral");
    assertThat(new TemplateManner("ipython '\"parameters\": '").toolCalls())
        .isEqualTo("llama3_json");
    TemplateManner harmony = new TemplateManner("<|start|>assistant<|channel|>final");
    assertThat(harmony.toolCalls()).isEqualTo("openai");
    assertThat(harmony.reasoning()).isEqualTo("openai_gptoss");
  }

  @Test
  void refusesManners() {
    assertThatThrownBy(() -> new ChatParsers("pythonic", "auto"))
        .hasMessage(
            "--tool-call-parser must be one of auto, hermes, llama3_json, llama4_json, mistral, none, openai, got 'pythonic'");
    assertThatThrownBy(() -> new ChatParsers("auto", "granite"))
        .hasMessage(
            "--reasoning-parser must be one of auto, deepseek_r1, none, openai_gptoss, qwen3, got 'granite'");
  }
}
