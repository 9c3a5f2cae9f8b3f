// The Vercel AI SDK with its provider for servers that speak OpenAI's API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, Output, streamText, tool } from "ai";
import { apiKey, baseURL, cities, model, question } from "./server.mjs";

const provider = createOpenAICompatible({
  name: "prompt-embeds",
  baseURL,
  apiKey,
  supportsStructuredOutputs: true,
  includeUsage: true,
});
const ask = { model: provider(model), prompt: question, temperature: 0, maxOutputTokens: 80, maxRetries: 0 };
const schema = jsonSchema({
  type: "object",
  properties: { city: { type: "string", enum: cities } },
  required: ["city"],
  additionalProperties: false,
});
const tools = { weather: tool({ description: "What the weather is like.", inputSchema: schema }) };

test("answers, whole and streamed alike", async () => {
  const whole = await generateText(ask);
  const streamed = streamText(ask);
  let text = "";
  for await (const piece of streamed.textStream) {
    text += piece;
  }
  assert.ok(text.length > 0);
  assert.equal(text, whole.text);
  assert.equal(whole.finishReason, "stop");
  assert.equal((await streamed.usage).outputTokens, whole.usage.outputTokens);
});

test("makes an object of a schema", async () => {
  const { output } = await generateText({ ...ask, output: Output.object({ schema }) });
  assert.ok(cities.includes(output.city));
});

test("calls a tool", async () => {
  const { toolCalls, finishReason } = await generateText({ ...ask, tools, toolChoice: "required" });
  assert.equal(finishReason, "tool-calls");
  assert.equal(toolCalls[0].toolName, "weather");
  assert.ok(cities.includes(toolCalls[0].input.city));
});

test("streams the call of a tool that is named", async () => {
  const streamed = streamText({ ...ask, tools, toolChoice: { type: "tool", toolName: "weather" } });
  let pieces = 0;
  for await (const part of streamed.fullStream) {
    pieces += part.type === "tool-input-delta" ? 1 : 0;
  }
  const calls = await streamed.toolCalls;
  assert.ok(pieces > 1);
  assert.equal(calls.length, 1);
  assert.ok(cities.includes(calls[0].input.city));
});
