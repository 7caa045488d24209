/** How calls become HTTP requests, and answers results. */

import { ApiError, type Call } from "./values.js";

/** The path of the API on a server that is named without one. */
const API = "/api/openmem/v1";

const DEFAULT_URL = "http://127.0.0.1:8000";

/** The codes of success, of the Cloud's routes and of those under /product. */
const SUCCESS = new Set([0, 200]);

/** HTTP statuses after which the same request may succeed. */
export const BUSY = new Set([429, 502, 503, 504]);

/** Codes of the contract for what the server does not say itself. */
export const UNREADABLE = 50000;
export const UNAVAILABLE = 50004;
export const STREAM_FAILED = 50002;

/** What Node says when a request has not reached any server. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The URL of the API; by default on the server of SOUVENIR_URL. */
export function apiUrl(baseUrl?: string): string {
  const url = (baseUrl || environment("SOUVENIR_URL") || DEFAULT_URL).replace(/\/+$/, "");
  return /\/(v1|product)$/.test(url) ? url : url + API;
}

/** The headers that carry a key; by default that of SOUVENIR_API_KEY. Throws, without the key, for one that no header can carry. */
export function authHeaders(apiKey?: string): Record<string, string> {
  const key = (apiKey ?? environment("SOUVENIR_API_KEY")).trim(); // a file that holds a secret mostly ends with a line break
  if (/[^!-~]/.test(key)) throw new TypeError("the API key holds a character that no key has");
  return key ? { Authorization: `Token ${key}` } : {};
}

/** A variable of the environment; "" in a browser. */
function environment(name: string): string {
  const { process } = globalThis as { process?: { env?: Record<string, string> } };
  return process?.env?.[name] ?? "";
}

/** The URL and the options of `fetch` for a call. */
export function requestOf(
  call: Call<unknown>,
  baseUrl: string,
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
): [string, RequestInit] {
  const url = baseUrl + call.path;
  if (call.method === "GET") {
    const query = queryOf(call.body);
    return [
      query ? `${url}?${query}` : url,
      { headers: { ...headers, ...call.headers }, redirect: "manual", signal },
    ];
  }
  const sent = { ...headers, ...call.headers, "Content-Type": "application/json" };
  const body = JSON.stringify(call.body);
  return [url, { method: call.method, headers: sent, body, redirect: "manual", signal }];
}

/** Fields as a query; a list gives a field several times. */
function queryOf(fields: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const each of values) {
      if (each !== undefined && each !== null) query.append(name, String(each));
    }
  }
  return query.toString();
}

/** The result of a call. Rejects with ApiError for every answer that is not a success. */
export async function readAnswer<T>(call: Call<T>, answer: Response): Promise<T> {
  const location = answer.headers.get("Location");
  if (answer.type === "opaqueredirect" || (location && answer.status >= 300 && answer.status < 400)) {
    throw elsewhere(call, answer.status, location);
  }
  const text = await answer.text();
  let refusal: ApiError;
  try {
    const body = JSON.parse(text);
    if (answer.ok && (!call.enveloped || SUCCESS.has(body.code))) {
      return call.read(call.enveloped ? body.data : body);
    }
    if (typeof body.code !== "number") throw new TypeError("no code");
    refusal = new ApiError(body.code, String(body.message ?? ""), answer.status);
  } catch {
    const start = JSON.stringify(text.slice(0, 200));
    refusal = new ApiError(UNREADABLE, `no answer that can be read: ${start}`, answer.status);
  }
  throw refusal;
}

/** The error of an answer that sends on, mostly from http to https. It is not followed: the key would go wherever it says. */
function elsewhere(call: Call<unknown>, status: number, location: string | null): ApiError {
  const [target = ""] = (location ?? "").split("?");
  const place = target.endsWith(call.path) ? target.slice(0, -call.path.length) : target;
  const reason = place ? `the server is at ${place}: use that address` : "the server sends to another address";
  return new ApiError(UNREADABLE, reason, status);
}

/** The error of a request that was not answered. */
export function unavailable(url: string, error: unknown): ApiError {
  const secret = /\/\/[^/@]*@/.test(url); // what fetch says about a password quotes it
  const place = url.replace(/\?.*/, "").replace(/\/\/[^/@]*@/, "//");
  const reason = secret ? "an address with a password cannot be asked" : reasonOf(error);
  return new ApiError(UNAVAILABLE, `no answer from ${place}: ${reason}`, 0, secret ? {} : { cause: error });
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string } };
  return cause?.message || message || String(error);
}

/** Whether an answered call failed in passing and may be sent again. */
export function mayRepeatAnswered(call: Call<unknown>, status: number): boolean {
  return call.idempotent && BUSY.has(status);
}

/** Whether a call that was not answered may be sent again; what never reached a server always may. */
export function mayRepeatUnanswered(call: Call<unknown>, error: unknown): boolean {
  const code = (error as { cause?: { code?: string } }).cause?.code ?? "";
  return call.idempotent || NOT_CONNECTED.has(code);
}
