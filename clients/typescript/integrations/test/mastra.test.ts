/** Mastra: the processor in its Agent, with the mock model of the AI SDK. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Agent } from "@mastra/core/agent";
import { convertArrayToReadableStream, MockLanguageModelV4 } from "ai/test";

import { memoryTools } from "../src/aiSdk.js";
import { SouvenirMemory } from "../src/mastra.js";
import { client, FACT, facts, knows, QUESTION, until, user, WORD } from "./said.js";

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
const STOP = { unified: "stop" as const, raw: "stop" };

interface ToolCall {
  toolName: string;
  input: object;
}

/** A model that says what it was shown; or calls a tool first. */
function parrot(call?: ToolCall): MockLanguageModelV4 {
  const calls = call ? [call] : [];
  const words = (prompt: unknown) => JSON.stringify(prompt).split(" ");
  return new MockLanguageModelV4({
    doGenerate: async ({ prompt }) => {
      const next = calls.shift();
      return next ? called(next) : answered(words(prompt).join(" "));
    },
    doStream: async ({ prompt }) => ({
      stream: convertArrayToReadableStream([
        { type: "stream-start" as const, warnings: [] },
        { type: "text-start" as const, id: "1" },
        ...words(prompt).map((word) => ({ type: "text-delta" as const, id: "1", delta: `${word} ` })),
        { type: "text-end" as const, id: "1" },
        { type: "finish" as const, finishReason: STOP, usage: USAGE },
      ]),
    }),
  });
}

function answered(text: string) {
  return { content: [{ type: "text" as const, text }], finishReason: STOP, usage: USAGE, warnings: [] };
}

function called({ toolName, input }: ToolCall) {
  const finishReason = { unified: "tool-calls" as const, raw: "tool-calls" };
  const call = { type: "tool-call" as const, toolCallId: "c", toolName, input: JSON.stringify(input) };
  return { content: [call], finishReason, usage: USAGE, warnings: [] };
}

function agentOf(user_id: string, call?: ToolCall): Agent {
  const memory = new SouvenirMemory(client, { user_id, conversation_id: "talk" });
  return new Agent({
    id: "a",
    name: "a",
    instructions: "Help.",
    model: parrot(call) as never,
    tools: memoryTools(client, { user_id }) as never,
    inputProcessors: [memory],
    outputProcessors: [memory],
  });
}

test("stores", async () => {
  const user_id = await user();
  await agentOf(user_id).generate(FACT);
  await until(() => knows(user_id));
  const said = await client.get({ user_id, conversation_id: "talk" });
  assert.deepEqual(said.map(({ role }) => role), ["user", "assistant"]);
  assert.equal(said[0]?.content, FACT);
});

test("recalls", async () => {
  const { text } = await agentOf(await user(true)).generate(QUESTION);
  assert.match(text, WORD);
});

test("deletes", async () => {
  const user_id = await user(true);
  for (const { id } of await facts(user_id)) {
    const call = { toolName: "forgetMemory", input: { memory_id: id } };
    await agentOf(user_id, call).generate("Forget it.");
    assert.ok(!(await facts(user_id)).some((fact) => fact.id === id));
  }
});

test("streams", async () => {
  const { textStream } = await agentOf(await user(true)).stream(QUESTION);
  const words: string[] = [];
  for await (const word of textStream) words.push(word);
  assert.ok(words.length > 5);
  assert.match(words.join(""), WORD);
});
