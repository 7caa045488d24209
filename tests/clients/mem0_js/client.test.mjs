// mem0's published npm client, unmodified, against the running system: each method.
// Needs SOUVENIR_URL and SOUVENIR_API_KEY; run by tests/e2e/test_published_mem0.py.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { MemoryClient } from "mem0ai";

const client = new MemoryClient({
  apiKey: process.env.SOUVENIR_API_KEY,
  host: `${process.env.SOUVENIR_URL}/mem0`,
});
const SAID = "My sister Inês plays the cello in Porto.";
const PATIENCE_MS = 240_000;

async function memories(userId, more = {}) {
  const page = await client.getAll({ filters: { user_id: userId }, ...more });
  return page.results;
}

/** Remember something and wait for it; the id of the memory. */
async function remember(userId, text = SAID, more = {}) {
  const added = await client.add([{ role: "user", content: text }], { userId, ...more });
  assert.equal(added.status, "PENDING");
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const [first] = await memories(userId);
    if (first) return first.id;
    await pause(100);
  }
  throw new Error("waited in vain for the memory");
}

const one = () => `npm-${randomUUID()}`;

test("add, get, getAll", async () => {
  const user = one();
  const id = await remember(user, SAID, {
    runId: "r1",
    metadata: { scene: "family", camelCase: 1 },
    customCategories: [{ music: "what they play" }],
    timestamp: 1_700_000_000,
  });
  const memory = await client.get(id);
  assert.match(memory.memory, /cello/);
  assert.deepEqual([memory.userId, memory.runId], [user, "r1"]);
  assert.deepEqual(memory.metadata, { scene: "family", camelCase: 1 });
  assert.match(memory.createdAt, /^2023-11-14/);
  assert.equal((await memories(user, { page: 1, pageSize: 5 })).length, 1);
});

test("search with filters", async () => {
  const user = one();
  await remember(user, SAID, { agentId: "scout" });
  const ask = (filters) =>
    client.search("Which instrument does my sister play?", { filters, topK: 3 });
  const found = await ask({ AND: [{ user_id: user }, { agent_id: "scout" }] });
  assert.match(found.results[0].memory, /cello/);
  assert.ok(found.results[0].score > 0);
  const none = await ask({ AND: [{ user_id: user }, { NOT: { agent_id: "scout" } }] });
  assert.deepEqual(none.results, []);
});

test("infer false, expirationDate, showExpired, null clears", async () => {
  const user = one();
  const added = await client.add([{ role: "user", content: SAID }], {
    userId: user,
    infer: false,
    expirationDate: "2020-01-31",
  });
  assert.equal(added.status, "SUCCEEDED");
  const { id } = added.results[0];
  assert.deepEqual(await memories(user), []);
  const [shown] = await memories(user, { showExpired: true });
  assert.equal(shown.expirationDate, "2020-01-31");
  await client.update(id, { expirationDate: null });
  assert.equal((await memories(user)).length, 1);
});

test("update, history, feedback", async () => {
  const user = one();
  const id = await remember(user);
  const updated = await client.update(id, { text: "Inês plays the viola." });
  assert.equal(updated.memory, "Inês plays the viola.");
  const [first, second] = await client.history(id);
  assert.deepEqual([first.event, second.event], ["ADD", "UPDATE"]);
  assert.equal(second.oldMemory, first.newMemory);
  const answer = await client.feedback({ memoryId: id, feedback: "NEGATIVE" });
  assert.equal(answer.feedback, "NEGATIVE");
});

test("batchUpdate, batchDelete", async () => {
  const user = one();
  const id = await remember(user);
  await client.batchUpdate([{ memoryId: id, text: "Inês plays the viola." }]);
  assert.match((await client.get(id)).memory, /viola/);
  await client.batchDelete([id]);
  await assert.rejects(client.get(id), /not found/i);
});

test("delete, deleteAll", async () => {
  const user = one();
  await client.delete(await remember(user));
  assert.deepEqual(await memories(user), []);
  await remember(user);
  await client.deleteAll({ userId: user });
  assert.deepEqual(await memories(user), []);
});

test("users, deleteUser, deleteUsers", async () => {
  const [user, other] = [one(), one()];
  await remember(user);
  await remember(other);
  const { results } = await client.users({ page: 1, pageSize: 1000 });
  assert.ok(results.some((entity) => entity.type === "user" && entity.name === user));
  await client.deleteUsers({ userId: user });
  await client.deleteUser({ entity_id: other });
  assert.deepEqual([...(await memories(user)), ...(await memories(other))], []);
});

test("getProject, updateProject", async () => {
  await client.updateProject({ customInstructions: "Never keep prices." });
  const project = await client.getProject({ fields: ["custom_instructions"] });
  assert.deepEqual(project, { customInstructions: "Never keep prices." });
  await client.updateProject({ customInstructions: "" });
  for (const decay of [true, false]) {
    await client.updateProject({ decay });
    assert.deepEqual(await client.getProject({ fields: ["decay"] }), { decay });
  }
});

test("createMemoryExport, getMemoryExport, getProfile", async () => {
  const user = one();
  await remember(user, "I live in Porto.");
  const { id } = await client.createMemoryExport({
    schema: { properties: { city: { type: "string" } } },
    filters: { user_id: user },
  });
  assert.deepEqual(await client.getMemoryExport({ memoryExportId: id }), { city: "Porto" });
  const profile = await client.getProfile({ entityId: user });
  assert.equal(profile.status, "succeeded");
});

test("generateProfile, getProfileJob, sampleProfiles, profile settings", async () => {
  const user = one();
  await remember(user, "I live in Porto.");
  const started = await client.generateProfile({ entityId: user });
  const { job } = await client.getProfileJob(started.statusUrl);
  assert.equal(job.succeeded, 1);
  assert.ok((await client.sampleProfiles()).sampled >= 1);
  assert.equal((await client.getProfileSettings()).enabled, true);
  assert.equal((await client.updateProfileSettings({ enabled: true })).enabled, true);
});

test("webhooks are registered, listed, changed and removed", async () => {
  const name = `hook-${Date.now()}`;
  const url = "https://hooks.invalid/memory"; // nobody has it: nothing goes out
  const mine = async () => (await client.getWebhooks()).filter((hook) => hook.name === name);
  const made = await client.createWebhook({ name, url, eventTypes: ["memory_add"] });
  assert.deepEqual((await mine()).map((hook) => [hook.webhookId, hook.url, hook.eventTypes]), [
    [made.webhookId, url, ["memory_add"]],
  ]);
  const { webhookId } = made;
  const changed = await client.updateWebhook({ webhookId, eventTypes: ["memory_delete"] });
  assert.match(changed.message, /success/);
  assert.deepEqual((await mine())[0].eventTypes, ["memory_delete"]);
  assert.match((await client.deleteWebhook({ webhookId })).message, /success/);
  assert.deepEqual(await mine(), []);
  await assert.rejects(() => client.deleteWebhook({ webhookId }), /no webhook/);
});
