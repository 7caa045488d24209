/**
 * A chat that remembers, in TypeScript, with nothing but the client and `fetch`. Node 22.18 and newer run it as it is.
 *
 *     npm run build --prefix clients/typescript && npm install --prefix examples/agents/typescript_chat
 *     export SOUVENIR_URL=... SOUVENIR_API_KEY=... OPENAI_BASE_URL=... OPENAI_API_KEY=... MODEL=...
 *     node examples/agents/typescript_chat/chat.ts
 */

import { createInterface } from "node:readline";

import { Client } from "souvenir-client";

interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

const memory = new Client();
const who = { user_id: process.env["SOUVENIR_USER"] ?? "ana", conversation_id: `chat-${Date.now()}` };

/** What an OpenAI-compatible model says. */
async function ask(messages: Message[]): Promise<string> {
  const response = await fetch(`${process.env["OPENAI_BASE_URL"] ?? "https://api.openai.com/v1"}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${process.env["OPENAI_API_KEY"]}`, "content-type": "application/json" },
    body: JSON.stringify({ model: process.env["MODEL"] ?? "gpt-5-mini", messages }),
  });
  if (!response.ok) throw new Error(`the model answered ${response.status}: ${await response.text()}`);
  const answer = (await response.json()) as { choices: [{ message: { content: string } }] };
  return answer.choices[0].message.content;
}

/** One turn: look up, answer, keep. */
async function turn(question: string): Promise<string> {
  const { memories, preferences } = await memory.search(question, { user_id: who.user_id });
  const known = [...memories.map((each) => each["memory_value"]), ...preferences.map((each) => each["preference"])];
  const system = `You know this of the user:\n${known.map((line) => `- ${line}`).join("\n") || "- nothing yet"}`;
  const said = await ask([
    { role: "system", content: system },
    { role: "user", content: question },
  ]);
  const kept = [
    { role: "user", content: question },
    { role: "assistant", content: said },
  ];
  await memory.add(kept, { ...who, wait: true });
  return said;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim()) console.log(await turn(line.trim()));
}
