package org.promptembeds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.InvalidRequestException;

class ChatTemplateTest {
  private static final List<Map<String, String>> HELLO =
      List.of(Map.of("role", "user", "content", "Hello"));

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  private Path directory;

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private ChatTemplate open() {
    return ChatTemplate.open(directory).orElseThrow();
  }

  private String render() {
    return open().render(HELLO, true, Map.of());
  }

  @Test
  void aModelWithoutTemplateHasNone() throws IOException {
    assertThat(ChatTemplate.open(directory)).isEmpty();
    write("tokenizer_config.json", "{\"bos_token\": \"<s>\", \"chat_template\": null}");
    assertThat(ChatTemplate.open(directory)).isEmpty();
  }

  @Test
  void theConfiguredTemplateSeesTokensMessagesAndPrompt() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "pad_token": null,
         "chat_template": "{{ bos_token }}{% for m in messages %}{{ m.role }}:{{ m['content'] }}\
        {{ eos_token }}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}\
        {{ pad_token is defined }}{{ tools is none }}{{ documents is none }}"}
        """);

    assertThat(render()).isEqualTo("<s>user:Hello</s>assistant:FalseTrueTrue");
    assertThat(open().render(HELLO, false, Map.of("bos_token", "B", "tools", List.of())))
        .isEqualTo("Buser:Hello</s>FalseFalseTrue");
  }

  @Test
  void theFileWinsOverTheConfiguration() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"configured\"}");
    write("chat_template.jinja", "file\n");

    assertThat(render()).isEqualTo("file");
  }

  @Test
  void aNamedTemplateIsForTools() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "default", "template": "plain"},
                           {"name": "tool_use", "template": "with {{ tools | length }} tools"}]}
        """);

    assertThat(render()).isEqualTo("plain");
    assertThat(open().render(HELLO, true, Map.of("tools", List.of(Map.of("name", "f")))))
        .isEqualTo("with 1 tools");
  }

  @Test
  void additionalTemplatesAreFiles() throws IOException {
    write("chat_template.jinja", "plain");
    write("additional_chat_templates/tool_use.jinja", "tools");

    assertThat(open().render(HELLO, true, Map.of("tools", List.of()))).isEqualTo("tools");
  }

  @Test
  void withoutADefaultTheNamesAreTold() throws IOException {
    write(
        "tokenizer_config.json", "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}");

    assertThatThrownBy(this::render)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("the model has no chat template named 'default', only [rag]");
  }

  @Test
  void theSpecialTokensMapCountsWhereTransformersReadsIt() throws IOException {
    write("chat_template.jinja", "{{ bos_token }}{{ image_token }}{{ additional_special_tokens }}");
    write("special_tokens_map.json", "{\"bos_token\": {\"content\": \"<map>\"}}");
    write("tokenizer_config.json", "{\"bos_token\": \"<config>\"}");
    assertThat(render()).isEqualTo("<map>");

    write(
        "tokenizer_config.json",
        """
        {"bos_token": "<config>", "added_tokens_decoder": {},
         "additional_special_tokens": ["<a>", {"content": "<b>"}],
         "extra_special_tokens": {"image_token": "<i>"}}
        """);
    assertThat(render()).isEqualTo("<config><i>['<a>', '<b>']");
  }

  @Test
  void aTemplateThatCannotBeParsedIsRefusedWithFileAndLine() throws IOException {
    write("chat_template.jinja", "a\n{% for m in messages %}\n{{ m.content }\n{% endfor %}");

    assertThatThrownBy(() -> ChatTemplate.open(directory))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("chat_template.jinja, line 3: unexpected '}'");
  }

  @Test
  void aTemplateThatCannotBeRenderedIsRefusedWithFileAndLine() throws IOException {
    write("chat_template.jinja", "a\n\n{{ messages[0].nope.more }}");

    assertThatThrownBy(this::render)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("chat_template.jinja, line 3: a dictionary has no attribute 'nope'");
  }

  @Test
  void aConversationThatTheTemplateRefusesIsTheRowsFault() throws IOException {
    write("chat_template.jinja", "{{ raise_exception('Roles must alternate') }}");

    assertThatThrownBy(this::render)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("the chat template refuses the conversation: Roles must alternate");
  }
}
