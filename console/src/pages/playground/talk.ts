/** A question put to what is remembered of somebody: what is recalled, and what is answered from it. */

import { ApiError, events, post } from "../../api";
import { KINDS, LISTS, type Found, type Item } from "../../types";

export interface Owner {
  user_id: string;
  conversation_id: string;
}

export interface Turn {
  question: string;
  answer: string;
  /** Null until the search has answered. */
  recalled: Item[] | null;
}

export const begun = (question: string): Turn => ({ question, answer: "", recalled: null });

interface AskOptions {
  /** Whether question and answer are added to what is remembered. */
  remember: boolean;
  signal: AbortSignal;
  /** Told what has changed about the turn since. */
  onChange: (part: (turn: Turn) => Partial<Turn>) => void;
}

/** Throws the first error, when recall and answer have both ended. */
export async function ask(
  owner: Owner,
  question: string,
  { remember, signal, onChange }: AskOptions,
): Promise<void> {
  const recall = async () => {
    const recalled = await recalledFor(owner, question, signal);
    onChange(() => ({ recalled }));
  };
  const answer = async () => {
    for await (const piece of answered(owner, question, remember, signal))
      onChange((turn) => ({ answer: turn.answer + piece }));
  };
  for (const part of await Promise.allSettled([recall(), answer()]))
    if (part.status === "rejected") throw part.reason;
}

async function recalledFor(owner: Owner, query: string, signal: AbortSignal): Promise<Item[]> {
  const found = await post<Found>("search/memory", { ...owner, query }, signal);
  return KINDS.flatMap((kind) => found[LISTS[kind]]);
}

/** The answer in pieces as they come. */
async function* answered(
  owner: Owner,
  query: string,
  remember: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const body = JSON.stringify({ ...owner, query, stream: true, add_message_on_answer: remember });
  const headers = { "Content-Type": "application/json" };
  for await (const { data } of events("chat", { method: "POST", body, headers, signal })) {
    const piece = data as { type: string; data: string; code?: number };
    if (piece.type === "text") yield piece.data;
    if (piece.type === "error") throw new ApiError(500, piece.code ?? 0, piece.data);
  }
}
