/**
 * Vercel AI SDK: a model that remembers. Needs a running Souvenir, named by SOUVENIR_URL and SOUVENIR_API_KEY, and no
 * model. In your own program the import is "souvenir-client/ai-sdk".
 */

import { generateText, wrapLanguageModel } from "ai";
import { MockLanguageModelV4 } from "ai/test";

import { Client } from "../../src/index.js";
import { souvenirMemory } from "../src/aiSdk.js";

const client = new Client();
const who = { user_id: process.env["SOUVENIR_USER"] ?? "ana", conversation_id: "today" };
await client.add("I live in Rome with two greyhounds.", { ...who, wait: true });

// Says what it was shown; use a real one, e.g. openai("gpt-5").
const repeats = new MockLanguageModelV4({
  doGenerate: async ({ prompt }) => ({
    content: [{ type: "text", text: JSON.stringify(prompt) }],
    finishReason: { unified: "stop", raw: "stop" },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    },
    warnings: [],
  }),
});

const model = wrapLanguageModel({ model: repeats, middleware: souvenirMemory(client, who) });
const { text } = await generateText({ model, prompt: "Which pets do I have?" });
console.log(text);
