/**
 * Vercel AI SDK: a middleware that recalls and remembers, and tools.
 *
 *     const model = wrapLanguageModel({ model: openai("gpt-5"), middleware: souvenirMemory(client, { user_id: "ana" }) });
 */

import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Middleware,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { jsonSchema, tool } from "ai";

import type { Client } from "../../src/index.js";
import { passedThrough } from "./passedThrough.js";
import { UserMemory, type MemoryOptions } from "./recalledText.js";

/** Before the model is asked, what is remembered stands before the question; after it, the turn is remembered. */
export function souvenirMemory(client: Client, options: MemoryOptions): LanguageModelV4Middleware {
  const memory = new UserMemory(client, options);
  const questions = new WeakMap<LanguageModelV4CallOptions, string>();
  return {
    specificationVersion: "v4",

    async transformParams({ params }) {
      const question = latestQuestion(params.prompt);
      const asked = params.prompt.at(-1)?.role === "user"; // a step after a tool call asks nothing new
      const text = asked ? await memory.text(question) : "";
      const changed = text ? { ...params, prompt: withMemories(params.prompt, text) } : { ...params };
      questions.set(changed, question);
      return changed;
    },

    async wrapGenerate({ doGenerate, params }) {
      const result = await doGenerate();
      const calls = result.content.some((part) => part.type === "tool-call");
      const texts = result.content.map((part) => (part.type === "text" ? part.text : ""));
      if (!calls) await memory.remember(questions.get(params) ?? "", texts.join(""));
      return result;
    },

    async wrapStream({ doStream, params }) {
      const { stream, ...rest } = await doStream();
      const question = questions.get(params) ?? "";
      return { ...rest, stream: remembered(stream, memory, question) };
    },
  };
}

/** The same stream; the turn is remembered at its end, also when the caller stops it, unless the model calls a tool. */
function remembered(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  memory: UserMemory,
  question: string,
): ReadableStream<LanguageModelV4StreamPart> {
  let answer = "";
  let calls = false;
  const listen = (part: LanguageModelV4StreamPart) => {
    if (part.type === "text-delta") answer += part.delta;
    if (part.type === "tool-call") calls = true;
  };
  return passedThrough(stream, listen, async () => {
    if (!calls) await memory.remember(question, answer);
  });
}

/** The words of the latest message of the user. */
function latestQuestion(prompt: LanguageModelV4Prompt): string {
  const message = prompt.findLast(({ role }) => role === "user");
  if (message?.role !== "user") return "";
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

/** The prompt with what is remembered before its last message. */
function withMemories(prompt: LanguageModelV4Prompt, text: string): LanguageModelV4Prompt {
  const recalled = { role: "user" as const, content: [{ type: "text" as const, text }] };
  return [...prompt.slice(0, -1), recalled, ...prompt.slice(-1)];
}

/** Tools for `generateText` and `streamText`: recallMemories, rememberFact, forgetMemory. */
export function memoryTools(client: Client, options: MemoryOptions) {
  const memory = new UserMemory(client, options);
  return {
    recallMemories: tool({
      description: "Look up what is remembered about the user.",
      inputSchema: oneText<{ query: string }>("query", "What to look for, in plain words."),
      execute: async ({ query }) => {
        const { memories, preferences } = await memory.found(query);
        return [
          ...memories.map(({ id, memory_value }) => ({ id, text: memory_value })),
          ...preferences.map(({ id, preference }) => ({ id, text: preference })),
        ];
      },
    }),
    rememberFact: tool({
      description: "Keep something about the user for later conversations.",
      inputSchema: oneText<{ text: string }>("text", "What to remember, as one sentence."),
      execute: async ({ text }) => {
        const { status } = await memory.add(text, true);
        return { status };
      },
    }),
    forgetMemory: tool({
      description: "Delete one memory about the user.",
      inputSchema: oneText<{ memory_id: string }>("memory_id", "The id that recallMemories gave."),
      execute: async ({ memory_id }) => ({
        forgotten: await client.delete([memory_id], { user_id: options.user_id }),
      }),
    }),
  };
}

function oneText<T>(name: string, description: string) {
  return jsonSchema<T>({
    type: "object",
    properties: { [name]: { type: "string", description } },
    required: [name],
    additionalProperties: false,
  });
}
