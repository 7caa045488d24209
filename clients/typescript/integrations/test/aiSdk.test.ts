/** Vercel AI SDK: the middleware and the tools, with its own mock model. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { convertArrayToReadableStream, MockLanguageModelV4 } from "ai/test";
import { generateText, isStepCount, streamText, wrapLanguageModel } from "ai";

import { Client } from "../../src/index.js";
import { memoryTools, souvenirMemory } from "../src/aiSdk.js";
import { client, FACT, facts, knows, QUESTION, until, user, WORD } from "./said.js";

type Prompt = { prompt: unknown };
type Generated = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;

const USAGE = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};
const STOP = { unified: "stop" as const, raw: "stop" };

/** A model that says what it was shown. */
function parrot(): MockLanguageModelV4 {
  const said = ({ prompt }: Prompt) => JSON.stringify(prompt);
  return new MockLanguageModelV4({
    doGenerate: async (options) => ({
      content: [{ type: "text", text: said(options) }],
      finishReason: STOP,
      usage: USAGE,
      warnings: [],
    }),
    doStream: async (options) => ({
      stream: convertArrayToReadableStream([
        { type: "stream-start" as const, warnings: [] },
        { type: "text-start" as const, id: "1" },
        ...said(options)
          .split(" ")
          .map((word) => ({ type: "text-delta" as const, id: "1", delta: `${word} ` })),
        { type: "text-end" as const, id: "1" },
        { type: "finish" as const, finishReason: STOP, usage: USAGE },
      ]),
    }),
  });
}

/** A model that calls one tool and then answers. */
function caller(toolName: string, input: object): MockLanguageModelV4 {
  const call: Generated = {
    content: [{ type: "tool-call", toolCallId: "c", toolName, input: JSON.stringify(input) }],
    finishReason: { unified: "tool-calls", raw: "tool-calls" },
    usage: USAGE,
    warnings: [],
  };
  const answer: Generated = {
    content: [{ type: "text", text: "Done." }],
    finishReason: STOP,
    usage: USAGE,
    warnings: [],
  };
  return new MockLanguageModelV4({ doGenerate: [call, answer] });
}

function remembering(user_id: string, model = parrot()) {
  const middleware = souvenirMemory(client, { user_id, conversation_id: "talk" });
  return wrapLanguageModel({ model, middleware });
}

test("stores", async () => {
  const user_id = await user();
  await generateText({ model: remembering(user_id), prompt: FACT });
  await until(() => knows(user_id));
  const said = await client.get({ user_id, conversation_id: "talk" });
  assert.deepEqual(said.map(({ role }) => role), ["user", "assistant"]);
});

test("recalls", async () => {
  const { text } = await generateText({ model: remembering(await user(true)), prompt: QUESTION });
  assert.match(text, WORD);
});

test("deletes", async () => {
  const user_id = await user(true);
  for (const { id } of await facts(user_id)) {
    const model = caller("forgetMemory", { memory_id: id });
    const tools = memoryTools(client, { user_id });
    await generateText({ model, tools, prompt: "Forget it.", stopWhen: isStepCount(2) });
  }
  assert.equal(await knows(user_id), false);
});

test("streams", async () => {
  const user_id = await user(true);
  const { textStream } = streamText({ model: remembering(user_id), prompt: QUESTION });
  const words: string[] = [];
  for await (const word of textStream) words.push(word);
  assert.ok(words.length > 5);
  assert.match(words.join(""), WORD);
  await until(async () => (await client.get({ user_id, conversation_id: "talk" })).length === 2);
});

test("a turn with a tool call is remembered once, and recalled for once", async () => {
  const user_id = await user(true);
  const model = caller("recallMemories", { query: QUESTION });
  const tools = memoryTools(client, { user_id });
  const wrapped = remembering(user_id, model);
  const result = await generateText({ model: wrapped, tools, prompt: QUESTION, stopWhen: isStepCount(2) });
  assert.match(JSON.stringify(result.steps[0]?.toolResults), WORD);
  const said = await client.get({ user_id, conversation_id: "talk" });
  assert.deepEqual(said.map(({ content }) => content), [QUESTION, "Done."]);
});

test("an answer that cannot be remembered is an answer all the same", async () => {
  const errors: unknown[] = [];
  const refusing: typeof fetch = async (url, options) =>
    String(url).endsWith("/add/message")
      ? Response.json({ code: 50004, message: "away", data: null }, { status: 500 })
      : fetch(url, options);
  const away = new Client(undefined, undefined, { fetch: refusing });
  const options = { user_id: await user(), onError: (error: unknown) => errors.push(error) };
  const model = wrapLanguageModel({ model: parrot(), middleware: souvenirMemory(away, options) });
  const { text } = await generateText({ model, prompt: FACT });
  assert.match(text, WORD);
  assert.equal(errors.length, 1);
});
