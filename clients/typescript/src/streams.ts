/** Streams of server-sent events. */

import { STREAM_FAILED, UNREADABLE } from "./exchange.js";
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

/** One event of a stream. */
export interface StreamEvent {
  name: string;
  data: string;
}

/** The events of a body as they come. Ends the request when its reader stops early. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  let name = "";
  let data: string[] = [];
  const ended = (): StreamEvent[] => {
    const events = data.length ? [{ name, data: data.join("\n") }] : [];
    [name, data] = ["", []];
    return events;
  };
  for await (const chunk of chunksOf(body)) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") yield* ended();
      else if (line.startsWith("event:")) name = line.slice("event:".length).trim();
      else if (line.startsWith("data:")) data.push(line.slice("data:".length).replace(/^ /, ""));
    }
  }
  yield* ended(); // a line that was broken off is left out
}

/** The data of an event. Throws ApiError for what is no JSON. */
function dataOf(event: StreamEvent): any {
  try {
    return JSON.parse(event.data);
  } catch {
    const start = JSON.stringify(event.data.slice(0, 200));
    throw new ApiError(UNREADABLE, `an event that cannot be read: ${start}`, 200);
  }
}

/** The words in an event of a chat, "" where there are none. Throws ApiError for an error event. */
export function chatWords(event: StreamEvent): string {
  const said = dataOf(event);
  if (said.type === "error") {
    throw new ApiError(Number(said.code) || STREAM_FAILED, String(said.content ?? said.data), 200);
  }
  return said.type === "text" ? String(said.data) : "";
}

/** The task in an event. */
export function taskIn(event: StreamEvent): Task {
  return taskOf(dataOf(event));
}

/** Whether a task has ended with an event. */
export function isLast(event: StreamEvent): boolean {
  return event.name === "end";
}
