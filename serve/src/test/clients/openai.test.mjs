// The openai package, as it comes.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { BadRequestError } from "openai";
import { apiKey, baseURL, cities, model, question } from "./server.mjs";

const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const ask = { model, temperature: 0, max_tokens: 80, messages: [{ role: "user", content: question }] };
const parameters = {
  type: "object",
  properties: { city: { enum: cities } },
  required: ["city"],
  additionalProperties: false,
};
const tools = [{ type: "function", function: { name: "weather", parameters, strict: true } }];

test("lists models and finds one", async () => {
  const models = await client.models.list();
  assert.equal(models.data[0].id, model);
  assert.equal((await client.models.retrieve(model)).id, model);
});

test("answers, whole and streamed alike", async () => {
  const whole = await client.chat.completions.create(ask);
  const stream = await client.chat.completions.create({
    ...ask,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let usage = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.ok(text.length > 0);
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(usage, whole.usage);
});

test("holds an answer to a schema", async () => {
  const answer = await client.chat.completions.parse({
    ...ask,
    response_format: { type: "json_schema", json_schema: { name: "city", schema: parameters } },
  });
  assert.ok(cities.includes(JSON.parse(answer.choices[0].message.content).city));
});

test("calls the function that must be called", async () => {
  const answer = await client.chat.completions.create({ ...ask, tools, tool_choice: "required" });
  const { message, finish_reason: reason } = answer.choices[0];
  assert.equal(reason, "tool_calls");
  assert.equal(message.tool_calls[0].function.name, "weather");
  assert.ok(cities.includes(JSON.parse(message.tool_calls[0].function.arguments).city));
});

test("streams a call to the helper that puts it together", async () => {
  const stream = client.chat.completions.stream({
    ...ask,
    tools,
    tool_choice: { type: "function", function: { name: "weather" } },
  });
  let pieces = 0;
  stream.on("tool_calls.function.arguments.delta", () => pieces++);
  const message = await stream.finalMessage();
  assert.ok(pieces > 1);
  assert.equal(message.tool_calls.length, 1);
  assert.ok(cities.includes(JSON.parse(message.tool_calls[0].function.arguments).city));
});

test("takes the result of a call", async () => {
  const first = await client.chat.completions.create({ ...ask, tools, tool_choice: "required" });
  const { message } = first.choices[0];
  const second = await client.chat.completions.create({
    ...ask,
    messages: [
      ...ask.messages,
      message,
      ...message.tool_calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "sunny" })),
    ],
  });
  assert.equal(typeof second.choices[0].message.content, "string");
});

test("tells which field is wrong", async () => {
  await assert.rejects(
    client.chat.completions.create({ ...ask, tool_choice: "required" }),
    (error) => error instanceof BadRequestError && error.param === "tool_choice",
  );
});
