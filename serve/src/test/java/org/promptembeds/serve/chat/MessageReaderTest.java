package org.promptembeds.serve.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What models write in each manner, in one piece and cut anywhere. */
class MessageReaderTest {
  private static MessageReader hermes() {
    return new CallReader(CallSyntax.HERMES, List.of("f", "g")::contains);
  }

  private static MessageReader llama() {
    return new CallReader(CallSyntax.LLAMA3, List.of("f", "g")::contains);
  }

  private static MessageReader mistral() {
    return new CallReader(CallSyntax.MISTRAL, List.of("f", "g")::contains);
  }

  private static Arguments hermes(String text, String expected) {
    return Arguments.of((Supplier<MessageReader>) MessageReaderTest::hermes, text, expected);
  }

  private static Arguments llama(String text, String expected) {
    return Arguments.of((Supplier<MessageReader>) MessageReaderTest::llama, text, expected);
  }

  private static Arguments mistral(String text, String expected) {
    return Arguments.of((Supplier<MessageReader>) MessageReaderTest::mistral, text, expected);
  }

  private static Arguments thinking(boolean open, String text, String expected) {
    Supplier<MessageReader> reader = () -> new ThinkReader(open, hermes());
    return Arguments.of(reader, text, expected);
  }

  private static Arguments harmony(String text, String expected) {
    return Arguments.of((Supplier<MessageReader>) HarmonyReader::new, text, expected);
  }

  static Stream<Arguments> messages() {
    return Stream.of(
        hermes("Just text, a < b and {json}.\n", "|Just text, a < b and {json}.\n|"),
        hermes(
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1}}\n</tool_call>",
            "||f {\"x\": 1}"),
        hermes(
            """
            Let me see.

            <tool_call>{"name":"f","arguments":{"s":"}</tool_call>\\"{"}}</tool_call>
            <tool_call>
            {"arguments": {"a": [{}, {}]}, "name": "g"}
            </tool_call>
            """,
            "|Let me see.|f {\"s\":\"}</tool_call>\\\"{\"}&g {\"a\": [{}, {}]}"),
        hermes("<tool_call>{\"name\": \"f\"}</tool_call>", "||f {}"),
        hermes("<tool_call>{\"name\": \"unknown\", \"arguments\": {}}", "||unknown {}"),
        hermes("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": [1,", "||f {\"x\": [1,"),
        hermes("<tool_call>{\"name\": \"f\", ", "|<tool_call>{\"name\": \"f\", |"),
        hermes("<tool_call>", "|<tool_call>|"),
        hermes("a<tool_ca", "|a<tool_ca|"),
        hermes(
            "<tool_call>nothing</tool_call><tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>",
            "|<tool_call>nothing</tool_call>|f {}"),
        hermes(
            "<tool_call>{\"name\":\"f\",\"id\":7,\"more\":[{\"name\":\"no\"}],\"arguments\":{}}</tool_call> done",
            "|done|f {}"),
        hermes(
            "<tool_call>{\"name\": 3, \"arguments\": {}}</tool_call>",
            "|<tool_call>{\"name\": 3, \"arguments\": {}}</tool_call>|"),
        llama("{\"name\": \"f\", \"parameters\": {\"x\": \"é\"}}", "||f {\"x\": \"é\"}"),
        llama("<|python_tag|>{\"name\": \"f\", \"arguments\": {}}", "||f {}"),
        llama(
            "{\"name\": \"f\", \"parameters\": {\"x\": 1}}; {\"name\": \"g\", \"parameters\": {}}",
            "||f {\"x\": 1}&g {}"),
        llama(
            " \n{\"name\": \"f\", \"parameters\": {}}\n<|python_tag|>{\"name\": \"g\", \"parameters\": {}}",
            "||f {}&g {}"),
        llama(
            "{\"name\": \"Ann\", \"parameters\": {}}", "|{\"name\": \"Ann\", \"parameters\": {}}|"),
        llama("{\"city\": \"Rome\"} is it.", "|{\"city\": \"Rome\"} is it.|"),
        llama("Well: <|python_tag|>print(1)", "|Well: <|python_tag|>print(1)|"),
        llama(
            "Well: {\"name\": \"f\", \"parameters\": {}}",
            "|Well: {\"name\": \"f\", \"parameters\": {}}|"),
        mistral(
            "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"x\": [1]}}, {\"name\": \"g\", \"arguments\": {}, \"id\": \"abcdefghi\"}]",
            "||f {\"x\": [1]}&g {}"),
        mistral("[TOOL_CALLS][{\"name\":\"f\",\"arguments\":{}}]", "||f {}"),
        mistral(
            "I look.[TOOL_CALLS]f[ARGS]{\"x\": \"[TOOL_CALLS]\"}[TOOL_CALLS]g[CALL_ID]abcdefghi[ARGS]{}",
            "|I look.|f {\"x\": \"[TOOL_CALLS]\"}&g {}"),
        mistral("[TOOL_CALLS]f{\"x\": 1}", "||f {\"x\": 1}"),
        mistral("[1, 2] and [TOOL", "|[1, 2] and [TOOL|"),
        mistral("[TOOL_CALLS]\nno call", "|[TOOL_CALLS]\nno call|"),
        thinking(false, "<think>\nHm, a<b.\n</think>\n\nYes.\n", "Hm, a<b.|Yes.\n|"),
        thinking(true, "Hm.</think>Yes.", "Hm.|Yes.|"),
        thinking(true, "\n<think>Hm.\n\nSo.</think>\nYes.", "Hm.\n\nSo.|Yes.|"),
        thinking(false, " <thin king", "| <thin king|"),
        thinking(false, "No thoughts.", "|No thoughts.|"),
        thinking(true, "It goes on </thin", "It goes on </thin||"),
        thinking(false, "<think></think>Yes", "|Yes|"),
        thinking(
            false,
            "<think>call f</think>\n<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>",
            "call f||f {}"),
        harmony(
            "<|channel|>analysis<|message|>Simple.<|end|><|start|>assistant<|channel|>final<|message|>2 + 2 = 4.",
            "Simple.|2 + 2 = 4.|"),
        harmony(
            "<|channel|>analysis<|message|>Look.<|end|><|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"x\": 1}<|call|>",
            "Look.||f {\"x\": 1}"),
        harmony(
            " to=functions.f<|channel|>commentary json<|message|>{\"x\": 1}<|end|><|start|>assistant to=functions.g<|channel|>commentary<|message|><|call|>",
            "||f {\"x\": 1}&g {}"),
        harmony(
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>I look. <|end|><|start|>assistant<|channel|>analysis<|message|>b<|start|>assistant<|channel|>final<|message|>So.",
            "a\nb|I look.\nSo.|"),
        harmony("<|channel|>analysis<|message|>cut off", "cut off||"),
        harmony("no channel", "|no channel|"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void partsAreThoseOfTheWholeWhereverItIsCut(
      Supplier<MessageReader> reader, String text, String expected) {
    assertThat(ReadMessage.whole(reader.get(), text)).hasToString(expected);
    for (int seed = 0; seed < 60; seed++) {
      assertThat(ReadMessage.cut(reader.get(), text, new Random(seed)))
          .as("seed %d", seed)
          .hasToString(expected);
    }
  }

  /**
   * Marks, halves of marks and JSON in any order: nothing is right or wrong, but cuts change it.
   */
  @Test
  void anyTextIsReadAlikeWhereverItIsCut() {
    List<String> pieces =
        List.of(
            "<tool_call>",
            "</tool_call>",
            "<tool",
            "_call>",
            "[TOOL_CALLS]",
            "[ARGS]",
            "f",
            " ",
            "<|python_tag|>",
            "{\"name\": \"f\", \"parameters\": {",
            "{\"name\": \"f\",",
            "\"arguments\": {",
            "}}",
            "}",
            "{",
            "\"",
            "\\",
            "\n",
            "; ",
            "[",
            "]",
            "<think>",
            "</think>",
            "<|channel|>",
            "analysis",
            "final",
            "<|message|>",
            "<|end|>",
            "<|start|>",
            " to=functions.f");
    List<Supplier<MessageReader>> readers =
        List.of(
            MessageReaderTest::hermes,
            MessageReaderTest::llama,
            MessageReaderTest::mistral,
            () -> new ThinkReader(true, hermes()),
            () -> new ThinkReader(false, llama()),
            HarmonyReader::new);
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(14); k >= 0; k--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }

      Supplier<MessageReader> reader = readers.get(i % readers.size());
      assertThat(ReadMessage.cut(reader.get(), text.toString(), random))
          .as("'%s'", text)
          .hasToString(ReadMessage.whole(reader.get(), text.toString()).toString());
    }
  }

  @Test
  void toldAsSoonAsItIsCertain() {
    MessageReader reader = hermes();
    ReadMessage message = new ReadMessage();
    reader.read("See: <tool_c", message::take);
    assertThat(message).hasToString("|See:|");
    reader.read("all>{\"name\": \"f\", \"arguments\": {\"x\": \"01", message::take);
    assertThat(message).hasToString("|See:|f {\"x\": \"01");
    reader.read("2\"}", message::take);
    assertThat(message).hasToString("|See:|f {\"x\": \"012\"}");
  }

  /** Each of many marks begins what could be a call to the end of the text. */
  @Test
  void longDoubtIsText() {
    String text = "<tool_call>{\"x\": [".repeat(20_000);
    assertThat(ReadMessage.whole(hermes(), text)).hasToString("|" + text + "|");

    String late = "<tool_call>{\"x\": \"" + "a".repeat(9000) + "\", \"name\": \"f\"}";
    assertThat(ReadMessage.whole(hermes(), late)).hasToString("|" + late + "|");
    assertThat(ReadMessage.cut(hermes(), late, new Random(1))).hasToString("|" + late + "|");
    String calls = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>".repeat(5000);
    assertThat(ReadMessage.whole(hermes(), calls).toString()).hasSize(2 + 5000 * 5 - 1);
  }
}
