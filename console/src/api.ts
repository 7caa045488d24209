/** The gateway, as the console asks it. The API key lives in this tab only. */

const BASE = "/api/openmem/v1/";
const KEY = "souvenir.key";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const storedKey = (): string => sessionStorage.getItem(KEY) ?? "";

export function storeKey(key: string): void {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
  dispatchEvent(new Event("souvenir:key"));
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  ask<T>(path, { method: "GET", signal });

export const post = <T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> =>
  ask<T>(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
    signal,
  });

export const put = <T>(path: string, body: unknown): Promise<T> =>
  ask<T>(path, {
    method: "PUT",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });

/** Saves what a route answers, under the name that it gives. */
export async function download(path: string, name: string): Promise<void> {
  const response = await send(path, { method: "GET" }, storedKey());
  if (!response.ok) throw refusal(response, await response.json().catch(() => null));
  const given = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  saveFile(await response.blob(), given ?? name);
}

const KEPT_MS = 60_000;

/** Hands a file to the browser, which saves it. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/** Whether the key is known and may not see that. */
export const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.status === 403;

/** How often a query is asked again, milliseconds; what a key may not see is not asked for again. */
export const every =
  (pause: number) =>
  ({ state }: { state: { error: Error | null } }): number | false =>
    isForbidden(state.error) ? false : pause;

export const upload = <T>(path: string, form: FormData): Promise<T> =>
  ask<T>(path, { method: "POST", body: form });

/** Whether a key opens the gateway, were it only a part of it. Throws `ApiError`. */
export async function checkKey(key: string): Promise<void> {
  try {
    await ask("console/users", { method: "GET" }, key);
  } catch (error) {
    if (!isForbidden(error)) throw error;
  }
}

async function ask<T>(path: string, init: RequestInit, key = storedKey()): Promise<T> {
  const response = await send(path, init, key);
  const envelope = await response.json().catch(() => null);
  if (!response.ok || envelope === null) throw refusal(response, envelope);
  return envelope.data as T;
}

async function send(path: string, init: RequestInit, key: string): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Token ${key}`);
  try {
    return await fetch(BASE + path, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, 0, "");
  }
}

function refusal(response: Response, envelope: { code?: number; message?: string } | null): ApiError {
  const error = new ApiError(response.status, envelope?.code ?? 0, envelope?.message ?? response.statusText);
  if (error.status === 401 && storedKey()) dispatchEvent(new Event("souvenir:refused"));
  return error;
}

export interface ServerEvent {
  event: string;
  data: unknown;
}

/** Server-sent events. `EventSource` cannot send a key, so the stream is read by hand. */
export async function* events(path: string, init: RequestInit): AsyncGenerator<ServerEvent> {
  const response = await send(path, init, storedKey());
  if (!response.ok || !response.body) throw refusal(response, await response.json().catch(() => null));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (waiting + value).split("\n\n");
      waiting = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parsed(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parsed(block: string): ServerEvent | null {
  let event = "message";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) event = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  return data ? { event, data: JSON.parse(data) } : null;
}
