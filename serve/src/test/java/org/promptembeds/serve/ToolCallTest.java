package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.FormParameters;

/** Calls of functions over HTTP, of a model that writes them as Hermes does. */
class ToolCallTest {
  private static final String TEMPLATE = "{{ tools }}<tool_call>{\"arguments\": …}";
  private static final String TOOLS =
      "'tools': [{'type': 'function', 'function': {'name': 'weather', 'description': 'It rains?',"
          + " 'parameters': {'type': 'object', 'properties': {'city': {'type': 'string'}},"
          + " 'required': ['city']}}}, {'type': 'function', 'function': {'name': 'now'}}]";
  private static final String ASK = "'messages': [{'role': 'u', 'content': 'hi'}], ";
  private static final String CALL =
      "Let me see.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>";

  private ServerFixture fixture = fixture(TEMPLATE, CALL);

  private static ServerFixture fixture(String template, String answer) {
    FakeBackend backend = new FakeBackend(request -> answer);
    return new ServerFixture(
        ServerFixture.model(backend, new FakeEncoder(template), 4096), options -> options);
  }

  private void use(ServerFixture other) {
    fixture.close();
    fixture = other;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private SamplingParams submitted() throws InterruptedException {
    return fixture.backend.next().request().params();
  }

  private static JsonNode choice(JsonNode answer) {
    return answer.path("choices").path(0);
  }

  @Test
  void tellsTheModelOfTools() throws Exception {
    fixture.chat("{" + ASK + TOOLS.replace("'It rains?'", "'It rains?', 'strict': true") + "}");
    GenerationRequest request = fixture.backend.next().request();

    assertThat(FakeEncoder.textOf(request.embeds()))
        .isEqualTo(
            "tools=[{type=function, function={name=weather, description=It rains?, parameters={type=object, properties={city={type=string}}, required=[city]}}}, {type=function, function={name=now}}];<u>hi<a>");
  }

  @Test
  void answersWithCalls() {
    JsonNode choice = choice(fixture.chat("{" + ASK + TOOLS + "}"));

    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    JsonNode message = choice.path("message");
    assertThat(message.path("content").asText()).isEqualTo("Let me see.");
    JsonNode call = message.path("tool_calls").path(0);
    assertThat(call.path("id").asText()).matches("call_[0-9a-f]{24}");
    assertThat(call.path("type").asText()).isEqualTo("function");
    assertThat(call.path("function").toString())
        .isEqualTo("{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\": \\\"Rome\\\"}\"}");
    assertThat(message.path("tool_calls")).hasSize(1);
  }

  @Test
  void streamsCallsInPieces() {
    use(
        new ServerFixture(
            ServerFixture.model(FakeBackend.telling(CALL), new FakeEncoder(TEMPLATE), 4096),
            options -> options));
    var lines = fixture.stream("/v1/chat/completions", "{" + ASK + TOOLS + ", 'stream': true}");
    List<JsonNode> events = fixture.events(lines);

    StringBuilder content = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    int pieces = 0;
    for (int i = 0; i < events.size(); i++) {
      JsonNode delta = choice(events.get(i)).path("delta");
      assertThat(delta.has("role")).isEqualTo(i == 0);
      content.append(delta.path("content").asText(""));
      for (JsonNode call : delta.path("tool_calls")) {
        assertThat(call.path("index").asInt()).isZero();
        assertThat(call.has("id")).isEqualTo(pieces == 0);
        assertThat(call.path("function").has("name")).isEqualTo(pieces++ == 0);
        arguments.append(call.path("function").path("arguments").asText());
      }
    }

    assertThat(content).hasToString("Let me see.");
    assertThat(arguments).hasToString("{\"city\": \"Rome\"}");
    assertThat(choice(events.get(events.size() - 1)).path("finish_reason").asText())
        .isEqualTo("tool_calls");
  }

  @Test
  void callsAndResultsGoBackThroughTheTemplate() {
    use(fixture(TEMPLATE, "It is sunny."));
    JsonNode answer =
        fixture.chat(
            """
            {'messages': [{'role': 'u', 'content': 'hi'},
              {'role': 'assistant', 'content': null, 'reasoning': 'Hm', 'tool_calls': [{'id': 'c1',
                'type': 'function', 'function': {'name': 'weather',
                  'arguments': '{\\"city\\": [1]}'}}]},
              {'role': 'tool', 'tool_call_id': 'c1', 'content': 'sunny'}]}""");

    assertThat(choice(answer).path("message").path("content").asText()).isEqualTo("It is sunny.");
    assertThat(choice(answer).path("finish_reason").asText()).isEqualTo("stop");
    assertThat(fixture.encoder.lastChat().get(1))
        .hasToString(
            "{role=assistant, content=null, reasoning=Hm, tool_calls=[{id=c1, type=function, function={name=weather, arguments={city=[1]}}}], reasoning_content=Hm}");
    assertThat(fixture.encoder.lastChat().get(2))
        .hasToString("{role=tool, tool_call_id=c1, content=sunny}");
  }

  @Test
  void noneLeavesToolsOutAndCallsAlone() throws Exception {
    JsonNode message =
        choice(fixture.chat("{" + ASK + TOOLS + ", 'tool_choice': 'none'}")).path("message");

    assertThat(message.path("content").asText()).isEqualTo(CALL);
    assertThat(message.has("tool_calls")).isFalse();
    assertThat(FakeEncoder.textOf(fixture.backend.next().request().embeds())).isEqualTo("<u>hi<a>");
  }

  @Test
  void outputsAreHeldToWhatMustBeCalled() throws Exception {
    fixture.chat("{" + ASK + TOOLS + ", 'tool_choice': 'required'}");
    String required = submitted().find(FormParameters.STRUCTURAL_TAG).orElseThrow();
    assertThat(required).contains("weather", "now", "star");

    fixture.chat("{" + ASK + TOOLS + ", 'tool_choice': 'required', 'parallel_tool_calls': false}");
    assertThat(submitted().find(FormParameters.STRUCTURAL_TAG).orElseThrow())
        .contains("weather", "now")
        .doesNotContain("star");

    fixture.chat(
        "{" + ASK + TOOLS + ", 'tool_choice': {'type': 'function', 'function': {'name': 'now'}}}");
    assertThat(submitted().find(FormParameters.STRUCTURAL_TAG).orElseThrow())
        .contains("now")
        .doesNotContain("weather");

    fixture.chat("{" + ASK + TOOLS + "}");
    assertThat(submitted().find(FormParameters.STRUCTURAL_TAG)).isEmpty();

    fixture.chat("{" + ASK + TOOLS.replace("'name': 'now'", "'name': 'now', 'strict': true") + "}");
    assertThat(submitted().find(FormParameters.STRUCTURAL_TAG)).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'tools': {} | tools | tools must be a list of functions, got {}",
        "'tools': [{}] | tools | tools[0].type must be function, got null",
        "'tools': [7] | tools | tools[0] must be an object, got 7",
        "'tools': [{'type': 'function'}] | tools | tools[0].function must be an object, got none",
        "'tools': [{'type': 'function', 'function': {}}] | tools | tools[0].function.name must be 1 to 128 letters, digits or any of _.:/-, got none",
        "'tools': [{'type': 'function', 'function': {'name': 'a b'}}] | tools | got 'a b'",
        "'tools': [{'type': 'function', 'function': {'name': 'a'}}, {'type': 'function', 'function': {'name': 'a'}}] | tools | tools[1].function.name 'a' comes twice",
        "'tools': [{'type': 'function', 'function': {'name': 'a', 'parameters': {'type': 'array'}}}] | tools | tools[0].function.parameters must be a JSON Schema of type object, got {\"type\":\"array\"}",
        "'tools': [{'type': 'function', 'function': {'name': 'a', 'arguments': {}}}] | arguments | not supported: arguments",
        "'tools': [{'type': 'function', 'function': {'name': 'a', 'parameters': {'not': {}}}}], 'tool_choice': 'required' | tools | tools[0].function.parameters: json_schema: at #, 'not' is not supported",
        "'tools': [{'type': 'function', 'function': {'name': 'a', 'strict': true, 'parameters': {'not': {}}}}] | tools | tools[0].function.parameters: json_schema: at #, 'not' is not supported",
        "'tool_choice': 'required' | tool_choice | tool_choice \"required\" needs tools: give some",
        "'tools': [{'type': 'function', 'function': {'name': 'a'}}], 'tool_choice': 'any' | tool_choice | tool_choice must be auto, none, required, or {\"type\": \"function\", \"function\": {\"name\": …}}, got \"any\"",
        "'tools': [{'type': 'function', 'function': {'name': 'a'}}], 'tool_choice': {'type': 'function', 'function': {'name': 'b'}} | tool_choice | tool_choice names 'b', which is not among tools: a",
        "'parallel_tool_calls': 1 | parallel_tool_calls | parallel_tool_calls must be true or false, got 1",
        "'reasoning_effort': 'low' | reasoning_effort | reasoning_effort has no effect, the model's chat template does not read it",
      })
  void refusesByName(String fields, String param, String message) {
    HttpResponse<String> response = fixture.post("/v1/chat/completions", "{" + ASK + fields + "}");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = ServerFixture.json(response.body()).path("error");
    assertThat(error.path("message").asText()).contains(message);
    assertThat(error.path("param").asText()).isEqualTo(param);
  }

  @Test
  void refusesToolsThatTheModelWouldNotKnow() {
    use(fixture("", ""));
    assertThat(fixture.post("/v1/chat/completions", "{" + ASK + TOOLS + "}").body())
        .contains("start the server with --tool-call-parser (auto, hermes, llama3_json,");

    use(fixture("<tool_call>", ""));
    assertThat(fixture.post("/v1/chat/completions", "{" + ASK + TOOLS + "}").body())
        .contains("the model's chat template has no place for tools");
  }

  @Test
  void refusesArgumentsThatAreNoObject() {
    String message =
        "{'messages': [{'role': 'assistant', 'tool_calls': [{'function': {'name': 'f', 'arguments': '%s'}}]}]}";
    assertThat(fixture.post("/v1/chat/completions", message.formatted("{")).body())
        .contains("messages[0].tool_calls[0].function.arguments is not JSON: {");
    assertThat(fixture.post("/v1/chat/completions", message.formatted("[]")).body())
        .contains("function.arguments must be the JSON of an object, got []");
  }
}
