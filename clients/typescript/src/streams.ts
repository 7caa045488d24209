/** Streams of server-sent events, line by line. */

import { STREAM_FAILED } from "./exchange.js";
import { ApiError, taskOf, type Task } from "./values.js";

/** The bytes of a body as they come. Ends the request when its reader stops early. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The lines of a body as they come. Ends the request when its reader stops early. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunksOf(body)) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest) yield rest;
}

/** The words in a line of a chat's stream, "" where there are none. Throws ApiError for an error event. */
export function chatWords(line: string): string {
  if (!line.startsWith("data:")) return "";
  const event = JSON.parse(line.slice("data:".length));
  if (event.type === "error") {
    const reason = String(event.content ?? event.data);
    throw new ApiError(Number(event.code) || STREAM_FAILED, reason, 200);
  }
  return event.type === "text" ? String(event.data) : "";
}

/** Reads the stream of a task, line by line. */
export class TaskStream {
  /** Whether the server has said that the task has ended. */
  ended = false;

  /** The task in a line; null in lines without one. */
  read(line: string): Task | null {
    if (line.startsWith("event:")) {
      this.ended = line.slice("event:".length).trim() === "end";
    }
    return line.startsWith("data:") ? taskOf(JSON.parse(line.slice("data:".length))) : null;
  }
}
