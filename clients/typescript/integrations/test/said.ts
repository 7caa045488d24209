/** What the tests tell a memory, and how they look at it from outside. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { Client } from "../../src/index.js";

export const FACT = "I live in Rome with two greyhounds.";
export const QUESTION = "Where do I live, and with which animals?";
/** Stands in every memory of the fact. */
export const WORD = /greyhounds/;

export const client = new Client();

/** A user whom nobody else has, who has told the fact when it is asked for. */
export async function user(told = false): Promise<string> {
  const user_id = randomUUID();
  if (told) await client.add(FACT, { user_id, wait: true });
  return user_id;
}

export async function facts(user_id: string) {
  return (await client.memories({ user_id, size: 50 })).memory_detail_list;
}

export async function knows(user_id: string): Promise<boolean> {
  return (await facts(user_id)).some((fact) => WORD.test(fact.memory_value));
}

/** Looks again and again until it is so. */
export async function until(look: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await look())) {
    assert.ok(Date.now() < deadline, "waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
