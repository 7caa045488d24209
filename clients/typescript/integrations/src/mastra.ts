/**
 * Mastra: a processor that recalls and remembers.
 *
 *     const memory = new SouvenirMemory(client, { user_id: "ana" });
 *     new Agent({ ..., inputProcessors: [memory], outputProcessors: [memory] });
 */

import type {
  ProcessInputArgs,
  ProcessInputResult,
  Processor,
  ProcessOutputResultArgs,
} from "@mastra/core/processors";

import type { Client } from "../../src/index.js";
import { UserMemory, type MemoryOptions } from "./recalledText.js";

/** Long-term memory of one user. */
export class SouvenirMemory implements Processor<"souvenir-memory"> {
  readonly id = "souvenir-memory";
  readonly name = "Souvenir";
  readonly #memory: UserMemory;

  constructor(client: Client, options: MemoryOptions) {
    this.#memory = new UserMemory(client, options);
  }

  /** Puts what is remembered about the question among the system messages. */
  async processInput({ messages, systemMessages }: ProcessInputArgs): Promise<ProcessInputResult> {
    const text = await this.#memory.text(latestQuestion(messages));
    if (!text) return messages;
    return { messages, systemMessages: [...systemMessages, { role: "system", content: text }] };
  }

  /** Remembers the question and the answer. */
  async processOutputResult({ messages, messageList, result }: ProcessOutputResultArgs) {
    const question = latestQuestion(messageList.get.all.db());
    await this.#memory.remember(question, result.text);
    return messages;
  }
}

/** The words of the latest message of the user. */
function latestQuestion(messages: ProcessInputArgs["messages"]): string {
  const message = messages.findLast(({ role }) => role === "user");
  const parts = message?.content.parts ?? [];
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}
