/** A `fetch` that answers from a list and keeps what it was asked. */

export interface Asked {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: any;
}

type Answer = Response | Error;

export class FakeFetch {
  readonly asked: Asked[] = [];
  readonly #answers: Answer[];

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  fetch = async (url: unknown, options: RequestInit = {}): Promise<Response> => {
    this.asked.push({
      url: String(url),
      method: options.method ?? "GET",
      headers: options.headers as Record<string, string>,
      body: options.body ? JSON.parse(String(options.body)) : null,
    });
    const answer = this.#answers.shift();
    if (!answer) throw new Error("asked once more than there are answers");
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

export function ok(data: unknown): Response {
  return Response.json({ code: 0, message: "ok", data });
}

export function refused(status: number, code: number, message: string): Response {
  return Response.json({ code, message, data: null }, { status });
}

/** As Node reports a request that has failed below HTTP. */
export function failed(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}

/** A stream of events whose pieces come one by one. */
export function streamed(...pieces: string[]): Response {
  const bytes = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(bytes.encode(piece));
        controller.close();
      },
    }),
    { headers: { "Content-Type": "text/event-stream" } },
  );
}
