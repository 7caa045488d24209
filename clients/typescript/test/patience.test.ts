import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, Client } from "../src/index.js";
import { Outage, OUTAGE, Tries } from "../src/patience.js";
import { search } from "../src/calls.js";
import { failed, FakeFetch, ok, refused, streamed } from "./answers.js";

const done = () => ok({ task_id: "t", status: "completed" });
const SECRET = "sk-SECRET-123";
const ASKED = { user_id: "ana" };

function clientOf(server: FakeFetch, key = "key"): Client {
  return new Client("http://memory:8000", key, { fetch: server.fetch, pauses: [0] });
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function paused(seconds: string): Response {
  return new Response("", { status: 429, headers: { "Retry-After": seconds } });
}

const progress = (state: string, name = "progress") =>
  `event: ${name}\ndata: ${JSON.stringify({ task_id: "t", status: state })}\n\n`;

test("the pause is the one that the server asks for", () => {
  const first = (answer: Response) => new Tries(search("q", ASKED), {}).afterAnswer(answer);
  assert.equal(first(paused("5")), 5000);
  assert.equal(first(paused("0")), 250);
  assert.equal(first(paused("3600")), undefined);
  assert.equal(first(new Response("", { status: 400 })), undefined);
});

test("a call ends within its time with all its tries", () => {
  const tries = new Tries(search("q", ASKED), { pauses: [6000], longest: 5000 });
  assert.ok(tries.timeout() <= 5000);
  assert.equal(tries.afterFailure(failed("ECONNREFUSED")), undefined);
});

test("options hold for one client alone", async () => {
  const server = new FakeFetch(...Array.from({ length: 3 }, () => failed("ECONNREFUSED")));
  const client = clientOf(server);
  await assert.rejects(client.withOptions({ pauses: [] }).search("q", ASKED), ApiError);
  await assert.rejects(client.search("q", ASKED), ApiError);
  assert.equal(server.asked.length, 3);
  assert.deepEqual(new Set(server.asked.map(({ headers }) => headers["Authorization"])), new Set(["Token key"]));
});

test("waiting and watching outlast a restart", async () => {
  const away = () => [failed("ECONNREFUSED"), failed("ECONNREFUSED")];
  const server = new FakeFetch(...away(), refused(503, 50004, "later"), done());
  assert.equal((await clientOf(server).waitFor("t", { every: 0 })).status, "completed");
  const streams = new FakeFetch(
    streamed(progress("running")),
    failed("ECONNRESET"),
    streamed(progress("completed", "end")),
  );
  const states = (await collected(clientOf(streams).watch("t"))).map(({ status }) => status);
  assert.deepEqual(states, ["running", "completed"]);
});

test("a server that stays away is left with the id of the task, a refusal at once", (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const away = new ApiError(50004, "no answer", 0);
  const outage = new Outage("t-1");
  assert.deepEqual([outage.pause(away), outage.pause(away)], [250, 500]);
  t.mock.timers.tick(OUTAGE);
  assert.throws(() => outage.pause(away), /no answer; task t-1 is on the server/);
  outage.over();
  assert.equal(outage.pause(away), 250);
  const gone = new ApiError(50131, "no task", 404);
  assert.throws(() => outage.pause(gone), gone);
});

test("a page is no stream", async () => {
  const page = () => new Response("<html>sign in</html>", { headers: { "Content-Type": "text/html" } });
  await assert.rejects(collected(clientOf(new FakeFetch(page())).watch("t")), /sign in/);
  await assert.rejects(collected(clientOf(new FakeFetch(page())).chatStream("q", ASKED)), /sign in/);
});

test("an event may have several lines; one that is no JSON is an error of the server", async () => {
  const said = streamed('data: {"type": "text",\r\ndata: "data": "Ada\u2028"}\r\n\r\n');
  assert.deepEqual(await collected(clientOf(new FakeFetch(said)).chatStream("q", ASKED)), ["Ada\u2028"]);
  const half = clientOf(new FakeFetch(streamed("data: {half\n\n")));
  await assert.rejects(collected(half.chatStream("q", ASKED)), { name: "ApiError", code: 50000 });
});

test("a key from a file is sent without its line break; another kind is refused and not shown", async () => {
  const server = new FakeFetch(done());
  await clientOf(server, `${SECRET}\n`).status("t");
  assert.equal(server.asked[0]?.headers["Authorization"], `Token ${SECRET}`);
  for (const key of [`${SECRET}\nmore`, `${SECRET}”`]) {
    const refuses = (error: Error) => /API key/.test(error.message) && !error.message.includes(SECRET);
    assert.throws(() => clientOf(server, key), refuses);
  }
});

test("no error shows the password of an address", async () => {
  const quoting = new FakeFetch(new TypeError("URL with credentials: http://me:hunter2@h/api"));
  const client = new Client("http://me:hunter2@h", "k", { fetch: quoting.fetch, pauses: [] });
  await assert.rejects(client.status("t"), (error: Error) => {
    assert.match(error.message, /http:\/\/h\//);
    return !`${error.message}${error.cause}`.includes("hunter2");
  });
});

test("a redirect says where the server is", async () => {
  const Location = "https://memory.test/api/openmem/v1/get/status";
  const server = new FakeFetch(new Response("", { status: 301, headers: { Location } }));
  await assert.rejects(clientOf(server).status("t"), /the server is at https:\/\/memory\.test\S+: use that/);
});

test("an add under a key of one's own", async () => {
  const server = new FakeFetch(done());
  await clientOf(server).add("hi", { ...ASKED, idempotencyKey: "turn-1" });
  assert.equal(server.asked[0]?.headers["Idempotency-Key"], "turn-1");
  assert.equal("idempotencyKey" in server.asked[0]!.body, false);
});
