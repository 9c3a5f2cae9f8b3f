package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.promptembeds.serve.ServerFixture.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

class ChatTest {
  private final ServerFixture fixture =
      new ServerFixture(new FakeBackend(request -> FakeEncoder.textOf(request.embeds())));

  @AfterEach
  void close() {
    fixture.close();
  }

  private String content(String json) {
    return fixture.chat(json).path("choices").path(0).path("message").path("content").asText();
  }

  @Test
  void answersInOpenAisShape() {
    JsonNode answer = fixture.chat("{'messages': [{'role': 'u', 'content': 'hi'}]}");

    assertThat(answer.get("id").asText()).startsWith("chatcmpl-");
    assertThat(answer.get("object").asText()).isEqualTo("chat.completion");
    assertThat(answer.get("choices").toString())
        .isEqualTo(
            "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"<u>hi<a>\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]");
    assertThat(answer.get("usage").get("total_tokens").asInt()).isEqualTo(16);
  }

  @Test
  void generatesToTheEndOfTheContextUnlessBounded() throws Exception {
    fixture.chat("{'messages': [{'role': 'u', 'content': 'hi'}]}");
    assertThat(fixture.backend.next().request().params())
        .isEqualTo(SamplingParams.builder().temperature(1).maxTokens(64 - 8).build());

    fixture.chat(
        "{'messages': [{'role': 'u', 'content': 'hi'}], 'max_tokens': 9,"
            + " 'max_completion_tokens': 7}");
    assertThat(fixture.backend.next().request().params().maxTokens()).isEqualTo(7);
  }

  @Test
  void takesWhatAsksForNothing() {
    fixture.chat(
        "{'messages': [{'role': 'u', 'content': 'hi'}], 'metadata': {}, 'service_tier': 'default',"
            + " 'parallel_tool_calls': true, 'functions': [], 'function_call': 'none',"
            + " 'tools': [], 'tool_choice': 'none', 'modalities': ['text'], 'verbosity': 'medium',"
            + " 'reasoning_effort': null, 'echo': false, 'continue_final_message': false,"
            + " 'add_special_tokens': false, 'documents': [], 'chat_template': null,"
            + " 'response_format': {'type': 'text'}}");
  }

  @Test
  void passesVariablesToTheTemplate() {
    assertThat(
            content(
                "{'messages': [{'role': 'u', 'content': 'hi'}], 'add_generation_prompt': false,"
                    + " 'chat_template_kwargs': {'thinking': true}}"))
        .isEqualTo("thinking=true;<u>hi");
  }

  @Test
  void putsEmbeddingsInTheirPlaceInsideTheTemplate() {
    String json =
        """
        {'messages': [{'role': 's', 'content': 'be'},
          {'role': 'u', 'content': [{'type': 'text', 'text': 'see '},
            {'type': 'prompt_embeds', 'data': '%s'}, {'type': 'text', 'text': ' and '},
            {'type': 'prompt_embeds', 'data': '%s'}]}]}
        """
            .formatted(tensor("ONE"), tensor("TWO"));
    assertThat(content(json)).isEqualTo("<s>be<u>see ONE and TWO<a>");
  }

  @Test
  void embeddingsOfAnotherTypeAreSplicedAsFloat32() throws Exception {
    Tensor half = new FakeEncoder().embed(new int[] {'X'}).convert(DType.BFLOAT16);
    String json =
        "{'messages': [{'role': 'u', 'content': [{'type': 'prompt_embeds', 'data': '%s'}]}]}"
            .formatted(tensor(half));
    assertThat(content(json)).isEqualTo("<u>X<a>");
    assertThat(fixture.backend.next().request().embeds().dtype()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void tellsLogprobsOfEachToken() {
    try (ServerFixture other = new ServerFixture(new FakeBackend(request -> "c"))) {
      JsonNode answer =
          other.chat(
              "{'messages': [{'role': 'u', 'content': 'x'}], 'logprobs': true,"
                  + " 'top_logprobs': 1}");
      assertThat(answer.findValue("logprobs").toString())
          .isEqualTo(
              "{\"content\":[{\"token\":\"c\",\"logprob\":-3.0,\"bytes\":[99],\"top_logprobs\":[{\"token\":\"a\",\"logprob\":-0.5,\"bytes\":[97]}]}],\"refusal\":null}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | messages must be a list of at least 1 message",
        "{'messages': [7]} | messages[0] must be an object with a role and its content",
        "{'messages': [{'role': 'u', 'content': [{'type': 'image_url'}]}]} | messages[0].content[0] is of type 'image_url', supported are text and prompt_embeds",
        "{'messages': [{'role': 'u', 'content': [{'type': 'text'}]}]} | messages[0] has a text part without text",
        "{'messages': [{'role': 'u', 'content': [{'type': 'prompt_embeds', 'data': 'x'}]}]} | messages[0].content[0].data",
        "{'messages': [{'role': 'u', 'content': 'x'}], 'response_format': {'type': 'xml'}} | response_format.type must be text, json_object, json_schema or structural_tag, got xml",
        "{'messages': [{'role': 'u', 'content': 'x'}], 'response_format': {'type': 'json_schema'}} | response_format of type json_schema needs json_schema: {name, schema}",
        "{'messages': [{'role': 'u', 'content': 'x'}], 'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'schema': {'type': 'array', 'uniqueItems': true}}}} | json_schema: at #, 'uniqueItems' is not supported",
        "{'messages': [{'role': 'u', 'content': 'x'}], 'top_logprobs': 3} | top_logprobs needs logprobs: true",
        "{'messages': [{'role': 'u', 'content': 'x'}], 'prompt': 'y'} | not supported: prompt"
      })
  void refusesByName(String json, String message) {
    HttpResponse<String> response = fixture.post("/v1/chat/completions", json);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ServerFixture.json(response.body()).findValue("message").asText()).contains(message);
  }
}
