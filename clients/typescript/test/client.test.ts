import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, Client } from "../src/index.js";
import { failed, FakeFetch, ok, refused, streamed } from "./answers.js";

const DONE = { success: true, task_id: "t", status: "completed" };

function clientOf(server: FakeFetch): Client {
  return new Client("http://memory:8000/", "key", { fetch: server.fetch, pauses: [0, 0, 0] });
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test("an add has the body, the key and an idempotency key", async () => {
  const server = new FakeFetch(ok(DONE));
  const task = await clientOf(server).add("I live in Rome.", {
    user_id: "ana",
    tags: ["home"],
    wait: true,
    more: { future: 1 },
  });
  const [asked] = server.asked;
  assert.equal(asked?.url, "http://memory:8000/api/openmem/v1/add/message");
  assert.equal(asked.headers["Authorization"], "Token key");
  assert.match(asked.headers["Idempotency-Key"] ?? "", /^[0-9a-f]{32}$/);
  assert.deepEqual(asked.body, {
    user_id: "ana",
    tags: ["home"],
    future: 1,
    messages: [{ role: "user", content: "I live in Rome." }],
    async_mode: false,
  });
  assert.deepEqual([task.task_id, task.status, task.ended], ["t", "completed", true]);
});

test("the URL of an API is taken as it is", async () => {
  for (const url of ["https://memos.example/api/openmem/v1/", "http://memory/product"]) {
    const server = new FakeFetch(ok({ user_id_list: [] }));
    await new Client(url, "", { fetch: server.fetch }).users();
    assert.equal(server.asked[0]?.url, `${url.replace(/\/$/, "")}/list/user`);
    assert.equal(server.asked[0]?.headers["Authorization"], undefined);
  }
});

test("what failed in passing is sent again with the same idempotency key", async () => {
  const busy = refused(503, 50004, "later");
  const server = new FakeFetch(failed("ECONNRESET"), busy, ok(DONE));
  await clientOf(server).add("hello", { user_id: "ana" });
  const keys = new Set(server.asked.map((asked) => asked.headers["Idempotency-Key"]));
  assert.deepEqual([server.asked.length, keys.size], [3, 1]);
});

test("it gives up after the last try", async () => {
  const server = new FakeFetch(...Array.from({ length: 4 }, () => failed("ECONNRESET")));
  await assert.rejects(clientOf(server).search("x", { user_id: "ana" }), {
    name: "ApiError",
    code: 50004,
    status: 0,
    message: /no answer from http:\/\/memory:8000.*ECONNRESET/,
  });
});

test("a chat that may have arrived is not sent again, one that cannot have is", async () => {
  const lost = new FakeFetch(failed("ECONNRESET"));
  await assert.rejects(clientOf(lost).chat("x", { user_id: "ana" }), ApiError);
  const refusedOnce = new FakeFetch(failed("ECONNREFUSED"), ok({ response: "hi" }));
  assert.equal(await clientOf(refusedOnce).chat("x", { user_id: "ana" }), "hi");
});

test("a refusal is not sent again and has the server's words", async () => {
  const server = new FakeFetch(refused(401, 40132, "key invalid"));
  await assert.rejects(clientOf(server).search("x", { user_id: "ana" }), {
    name: "ApiError",
    code: 40132,
    status: 401,
    reason: "key invalid",
    message: "key invalid (code 40132)",
  });
  assert.equal(server.asked.length, 1);
});

test("an error in an answer of HTTP 200 is an error", async () => {
  const server = new FakeFetch(refused(200, 40000, "no"));
  await assert.rejects(clientOf(server).memory("m"), { code: 40000, status: 200 });
});

test("what cannot be read is an error that quotes it", async () => {
  for (const text of ["<html>", '{"code": 0, "message": "ok", "data": null}', "[]"]) {
    const server = new FakeFetch(new Response(text));
    await assert.rejects(clientOf(server).status("t"), { code: 50000, status: 200 }, text);
  }
});

test("a search gives each kind, and [] for what is null", async () => {
  const server = new FakeFetch(
    ok({ memory_detail_list: [{ id: "m" }], skill_detail_list: null, preference_note: "n" }),
  );
  const found = await clientOf(server).search("x", { user_id: "ana", relativity: 0 });
  assert.deepEqual(
    [found.memories.length, found.preferences, found.skills, found.preference_note],
    [1, [], [], "n"],
  );
});

test("a status may be a list of one", async () => {
  const server = new FakeFetch(ok([{ status: "failed", error_code: 50107 }]));
  const task = await clientOf(server).status("t");
  assert.deepEqual([task.ended, task.error_code], [true, 50107]);
});

test("a list in a query gives the field several times; ids are escaped", async () => {
  const server = new FakeFetch(ok([]), ok({ id: "m" }));
  const client = clientOf(server);
  await client.tasks({ user_id: "ana b", state: ["queued", "running"] });
  await client.memory("a/b");
  assert.match(server.asked[0]?.url ?? "", /tasks\?user_id=ana\+b&state=queued&state=running$/);
  assert.match(server.asked[1]?.url ?? "", /get\/memory\/a%2Fb$/);
});

test("rerank has no envelope", async () => {
  const server = new FakeFetch(Response.json({ results: [{ index: 1 }] }));
  assert.deepEqual(await clientOf(server).rerank("x", ["a", "b"]), [{ index: 1 }]);
});

test("an upload sends bytes as base64 and tells of every state", async () => {
  const running = { task_id: "t", status: "running", progress: { pages: 2 } };
  const server = new FakeFetch(ok(running), ok(running), ok({ ...running, status: "completed" }));
  const seen: string[] = [];
  const large = new Uint8Array(100_000).fill(251);
  const task = await clientOf(server).upload(large, {
    user_id: "ana",
    name: "a.bin",
    text: "about it",
    onProgress: ({ status }) => seen.push(status),
  });
  const [text, file] = server.asked[0]?.body.messages[0].content;
  assert.deepEqual(text, { type: "text", text: "about it" });
  assert.equal(file.file.filename, "a.bin");
  assert.deepEqual(new Uint8Array(Buffer.from(file.file.file_data, "base64")), large);
  assert.deepEqual([seen, task.status], [["running", "completed"], "completed"]);
});

test("a URL is sent as it is, a path is refused before anything is sent", async () => {
  const server = new FakeFetch(ok(DONE), ok(DONE));
  await clientOf(server).upload("https://example.com/a.pdf?x=1", { user_id: "ana" });
  const [part] = server.asked[0]?.body.messages[0].content;
  assert.deepEqual(part.file, { file_data: "https://example.com/a.pdf?x=1", filename: "a.pdf" });
  await assert.rejects(clientOf(server).upload("/etc/hosts", { user_id: "ana" }), TypeError);
});

test("the words of a chat come as they are said, wherever the stream is cut", async () => {
  const server = new FakeFetch(
    streamed(
      'data: {"type": "reasoning", "data": "hm"}\n\ndata: {"type": "te',
      'xt", "data": "Rö"}\n\ndata: {"type": "text", "data": "m"}\r\n\r\n',
      'data: {"type": "end", "data": ""}\n\n',
    ),
  );
  const words = await collected(clientOf(server).chatStream("x", { user_id: "ana" }));
  assert.deepEqual(words, ["Rö", "m"]);
  assert.equal(server.asked[0]?.body.stream, true);
});

test("an error in a chat's stream is an error", async () => {
  const server = new FakeFetch(streamed('data: {"type": "error", "content": "model is away"}\n'));
  const words = collected(clientOf(server).chatStream("x", { user_id: "ana" }));
  await assert.rejects(words, { name: "ApiError", code: 50002, reason: "model is away" });
});

test("a refused stream is an error", async () => {
  const server = new FakeFetch(refused(404, 50131, "task unknown"));
  await assert.rejects(collected(clientOf(server).watch("t")), { code: 50131, status: 404 });
});

test("a backup comes as bytes; a refusal of one is an error", async () => {
  const server = new FakeFetch(streamed("zip", "ped"), refused(403, 40103, "not that key"));
  const pieces = await collected(clientOf(server).downloadBackup());
  assert.equal(Buffer.concat(pieces).toString(), "zipped");
  await assert.rejects(collected(clientOf(server).downloadBackup()), { code: 40103, status: 403 });
});

test("keys and quota go to their routes, with their methods", async () => {
  const server = new FakeFetch(ok([]), ok({ id: "k/1" }), ok({}), ok({}));
  const client = clientOf(server);
  await client.keys({ project: "shop" });
  await client.createKey("import", { scopes: ["write"] });
  await client.revokeKey("k/1");
  await client.setQuota({ memories: 10 });
  const sent = server.asked.map(({ method, url }) => `${method} ${url.split("/v1")[1]}`);
  assert.deepEqual(sent, [
    "GET /project/keys?project=shop",
    "POST /project/keys",
    "POST /project/keys/k%2F1/revoke",
    "PUT /project/quota",
  ]);
  assert.deepEqual(server.asked[1]?.body, { scopes: ["write"], name: "import" });
  assert.deepEqual(server.asked[3]?.body, { memories: 10 });
});

test("a task is watched to its end over a stream that is cut off", async () => {
  const event = (name: string, status: string) =>
    `event: ${name}\ndata: {"task_id": "t", "status": "${status}"}\n\n`;
  const server = new FakeFetch(
    streamed(event("progress", "running"), ": still here\n\n"),
    streamed(event("progress", "running"), event("end", "completed")),
  );
  const states = (await collected(clientOf(server).watch("t"))).map(({ status }) => status);
  assert.deepEqual(states, ["running", "running", "completed"]);
});

test("leaving a stream ends the request", async () => {
  let cancelled = false;
  const body = new ReadableStream({
    pull: (controller) =>
      controller.enqueue(new TextEncoder().encode('data: {"type": "text", "data": "a"}\n\n')),
    cancel: () => void (cancelled = true),
  });
  const headers = { "Content-Type": "text/event-stream" };
  const client = clientOf(new FakeFetch(new Response(body, { headers })));
  for await (const _ of client.chatStream("x", { user_id: "ana" })) break;
  assert.equal(cancelled, true);
});

test("the caller's signal ends it, with the caller's reason", async () => {
  const server = new FakeFetch(failed("ECONNRESET"));
  const control = new AbortController();
  const client = new Client("http://memory", "", {
    fetch: server.fetch,
    signal: control.signal,
    pauses: [60_000],
  });
  const waiting = client.search("x", { user_id: "ana" });
  setTimeout(() => control.abort(new Error("enough")), 10);
  await assert.rejects(waiting, { message: "enough" });
});

test("a request that is not answered in time is an error", async () => {
  const never: typeof fetch = (_, options) =>
    new Promise((_, reject) => {
      const { signal } = options as { signal: AbortSignal };
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const client = new Client("http://memory", "", { fetch: never, timeout: 5, pauses: [] });
  const kept = setTimeout(() => undefined, 10_000); // a signal's timer does not hold Node
  await assert.rejects(client.status("t"), { code: 50004, status: 0 });
  clearTimeout(kept);
});

test("deleting by id, and all of a user", async () => {
  const server = new FakeFetch(ok({ success: true }), ok({ success: true }));
  const client = clientOf(server);
  assert.equal(await client.delete(["m"], { user_id: "ana" }), true);
  await client.delete(null, { user_id: "ana" });
  assert.deepEqual(server.asked[0]?.body, { user_id: "ana", memory_ids: ["m"] });
  assert.deepEqual(server.asked[1]?.body, { user_id: "ana" });
});
