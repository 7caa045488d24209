/** The values that go to and come from a server. Pure. */

import type {
  FactItem,
  MessageIn,
  PreferenceItem,
  SkillItem,
  ToolItem,
} from "./wire.js";

export type Json = Record<string, unknown>;

/** What is said: a plain string is one message of the user. */
export type Messages = string | readonly MessageIn[];

/** The server refused or failed. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** The contract's code. */
    readonly code: number,
    /** For people, without the code. */
    readonly reason: string,
    /** The HTTP status; 0 when no answer came. */
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(`${reason} (code ${code})`, options);
  }
}

/** A job on the server. */
export interface Task {
  task_id: string;
  status: "running" | "completed" | "failed";
  /** The contract's code of a failed task; 0 of every other. */
  error_code: number;
  error_message: string;
  /** Whether its status will not change any more. */
  ended: boolean;
  /** All that the server says about it. */
  raw: Json;
}

/** The answer of a search: a list for each kind, the most relevant first. */
export interface Found {
  memories: FactItem[];
  preferences: PreferenceItem[];
  tools: ToolItem[];
  skills: SkillItem[];
  /** How to use the preferences; empty when there are none. */
  preference_note: string;
  /** The whole answer. */
  raw: Json;
}

/** One request, and how to read its answer. */
export interface Call<T> {
  path: string;
  /** JSON; of a GET the query. */
  body: object;
  /** Turns the answer's `data` (the whole answer where it has no envelope) into the result. */
  read: (data: any) => T;
  method: "POST" | "GET" | "PUT";
  headers: Record<string, string>;
  /** Whether it may be sent again unchanged even when it may have been carried out. */
  idempotent: boolean;
  /** Whether the answer is an object with `code`, `message` and `data`. */
  enveloped: boolean;
}

/** A task from the server's JSON (of old servers a list of one). */
export function taskOf(data: unknown): Task {
  const entry = (Array.isArray(data) ? data[0] : data) as Json;
  const status = entry["status"] as Task["status"];
  if (typeof status !== "string") throw new TypeError("a task without a status");
  return {
    task_id: String(entry["task_id"] ?? ""),
    status,
    error_code: Number(entry["error_code"] ?? 0),
    error_message: String(entry["error_message"] ?? ""),
    ended: status !== "running",
    raw: entry,
  };
}

/** The answer of a search from the server's JSON. */
export function foundOf(data: Json): Found {
  return {
    memories: (data["memory_detail_list"] ?? []) as FactItem[],
    preferences: (data["preference_detail_list"] ?? []) as PreferenceItem[],
    tools: (data["tool_memory_detail_list"] ?? []) as ToolItem[],
    skills: (data["skill_detail_list"] ?? []) as SkillItem[],
    preference_note: String(data["preference_note"] ?? ""),
    raw: data,
  };
}

/** Messages as the wire wants them. */
export function asMessages(messages: Messages): MessageIn[] {
  return typeof messages === "string"
    ? [{ role: "user", content: messages }]
    : [...messages];
}
