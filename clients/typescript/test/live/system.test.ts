/** Against the running system at SOUVENIR_URL, with the key of SOUVENIR_API_KEY. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { ApiError, Client, type Exported } from "../../src/index.js";

const memory = new Client();
const SAID = "My sister Inês plays the cello in Porto.";
const QUESTION = "Which instrument does my sister play?";

async function remembered(): Promise<string> {
  const user_id = randomUUID();
  const task = await memory.add(SAID, { user_id, conversation_id: "talk", wait: true });
  assert.equal(task.status, "completed");
  return user_id;
}

async function values(user_id: string): Promise<string[]> {
  const page = await memory.memories({ user_id });
  return page.memory_detail_list.map((fact) => fact.memory_value);
}

test("what is added is found, listed, read, changed and deleted", async () => {
  const user_id = await remembered();
  const { memories } = await memory.search(QUESTION, { user_id });
  const fact = memories[0];
  assert.ok(fact && fact.memory_value.includes("cello"));
  assert.ok(fact.relativity! >= 0.45 && fact.create_time > 1e12);
  assert.equal((await memory.memory(fact.id)).id, fact.id);
  assert.equal(await memory.update(fact.id, { content: "Inês plays the oboe." }), true);
  assert.deepEqual(await values(user_id), ["Inês plays the oboe."]);
  assert.equal(await memory.delete([fact.id], { user_id }), true);
  assert.deepEqual(await values(user_id), []);
});

test("messages come back word for word; one user or several may be named", async () => {
  const users = [randomUUID(), randomUUID()];
  await memory.add(SAID, { user_id: users, conversation_id: "group", wait: true });
  for (const user_id of users) {
    const [message] = await memory.get({ user_id, conversation_id: "group" });
    assert.deepEqual([message?.role, message?.content], ["user", SAID]);
  }
});

test("a chat answers, whole and as a stream", async () => {
  const user_id = await remembered();
  const options = { user_id, conversation_id: "talk", add_message_on_answer: false };
  assert.match(await memory.chat(QUESTION, options), /cello/);
  let words = "";
  for await (const piece of memory.chatStream(QUESTION, options)) words += piece;
  assert.match(words, /cello/);
});

test("an upload is read, with progress, and can be watched and asked about", async () => {
  const user_id = randomUUID();
  const note = new File(["The key to the cellar hangs behind the blue door."], "cellar.txt");
  const seen: string[] = [];
  const task = await memory.upload(note, { user_id, onProgress: (at) => seen.push(at.status) });
  assert.deepEqual([task.status, seen.at(-1)], ["completed", "completed"]);
  const states: boolean[] = [];
  for await (const at of memory.watch(task.task_id)) states.push(at.ended);
  assert.equal(states.at(-1), true);
  const whole = await memory.task(task.task_id);
  assert.ok(Array.isArray(whole.raw["receipts"]));
  assert.equal((await memory.tasks({ user_id }))[0]?.task_id, task.task_id);
  const { memories } = await memory.search("Where is the key to the cellar?", { user_id });
  assert.ok(memories.some((fact) => fact.memory_value.includes("blue door")));
});

test("feedback corrects", async () => {
  const user_id = await remembered();
  const options = { user_id, conversation_id: "talk" };
  const task = await memory.feedback("Replace cello with viola", options);
  await memory.waitFor(task.task_id);
  assert.ok((await values(user_id)).every((value) => value.includes("viola")));
});

test("a knowledge base is filled, searched and removed", async () => {
  const user_id = randomUUID();
  const id = await memory.createKnowledgebase(`house of ${user_id}`, "manuals");
  const text = `The boiler of ${user_id} is restarted with the red switch under the stairs.`;
  const files = await memory.addKnowledgebaseFile(id, [new File([text], "boiler.txt")]);
  const file_ids = files.map((file) => file.id);
  const done = async () =>
    (await memory.getKnowledgebaseFile({ file_ids })).every((at) => at.status === "completed");
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 100));
  const options = { user_id, knowledgebase_ids: [id] };
  const { memories } = await memory.search(`restart the boiler of ${user_id}`, options);
  assert.ok(memories.some((fact) => fact.memory_value.includes("red switch")));
  assert.equal(await memory.deleteKnowledgebaseFile(file_ids), true);
  assert.equal(await memory.deleteKnowledgebase(id), true);
});

test("memories move to another user", async () => {
  const user_id = await remembered();
  const other = randomUUID();
  let imported = 0;
  let after: string | null = "";
  while (after !== null) {
    const page: Exported = await memory.export(user_id, { after });
    imported += (await memory.import(other, page.records)).memories;
    after = page.after;
  }
  assert.equal(imported, 1);
  assert.match((await values(other))[0] ?? "", /cello/);
  assert.ok((await memory.users()).includes(other));
});

test("extract stores nothing, rerank orders", async () => {
  const extracted = await memory.extract(SAID);
  assert.ok("memory_detail_list" in extracted);
  assert.match(extracted.memory_detail_list[0]?.memory_value ?? "", /cello/);
  const texts = ["Tax forms are due in May.", "The dog sleeps in the kitchen with the cat."];
  const ranked = await memory.rerank("Where do the pets sleep?", texts);
  assert.deepEqual(ranked.map(({ index }) => index), [1, 0]);
});

test("the same add sent twice with one idempotency key is stored once", async () => {
  const user_id = randomUUID();
  let sent = 0;
  const forgetful: typeof fetch = async (...given) => {
    const answer = await fetch(...given);
    sent += 1;
    if (sent === 1) throw new TypeError("the answer was lost");
    return answer;
  };
  const client = new Client(undefined, undefined, { fetch: forgetful, pauses: [1] });
  await client.add(SAID, { user_id, wait: true });
  assert.deepEqual([sent, (await memory.tasks({ user_id })).length], [2, 1]);
});

test("refusals have the contract's code", async () => {
  await assert.rejects(memory.status("no-such-task"), { code: 50131, status: 404 });
  await assert.rejects(new Client(undefined, "wrong").users(), ApiError);
});

test("a thumb counts for its question until it is taken back; a task is undone", async () => {
  const user_id = randomUUID();
  const task = await memory.add(SAID, { user_id, conversation_id: "talk", wait: true });
  const relativity = async () =>
    (await memory.search(QUESTION, { user_id, relativity: 0 })).memories[0]!.relativity!;
  const before = await relativity();
  const { memories } = await memory.search(QUESTION, { user_id });
  const ids = memories.map((fact) => fact.id);
  const [rated] = await memory.rate(ids, "down", { query: QUESTION });
  assert.deepEqual(rated!.thumbs.map((thumb) => thumb.thumb), ["down"]);
  assert.ok((await relativity()) < before);
  await memory.rate(ids, "none", { query: QUESTION });
  assert.equal(await relativity(), before);
  const then = await memory.search(QUESTION, { user_id, relativity: 0, as_of: "2020-01-01" });
  assert.deepEqual(then.memories, []);
  assert.deepEqual((await memory.undo(task.task_id)).removed, ids);
  assert.deepEqual(await values(user_id), []);
});
