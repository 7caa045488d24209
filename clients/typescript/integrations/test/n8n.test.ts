/** n8n: the node, run with what n8n hands to a node: parameters, credentials and HTTP. */

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { FACT, facts, knows, QUESTION, user, WORD } from "./said.js";

const require = createRequire(import.meta.url);
const BUILT = "../../../n8n/dist";
const { Souvenir } = require(`${BUILT}/nodes/Souvenir/Souvenir.node.js`);
const { SouvenirApi } = require(`${BUILT}/credentials/SouvenirApi.credentials.js`);

type Parameters = Record<string, unknown>;

const CREDENTIALS = {
  url: `${process.env["SOUVENIR_URL"]}/api/openmem/v1`,
  apiKey: process.env["SOUVENIR_API_KEY"],
};

/** n8n's own defaults for what a workflow does not set. */
function parameterOf(given: Parameters, name: string): unknown {
  if (name in given) return given[name];
  const { properties } = new Souvenir().description;
  return properties.find((property: Parameters) => property["name"] === name)?.default;
}

/** Runs the node over one item for each set of parameters. */
async function run(items: Parameters[], continueOnFail = false): Promise<any[]> {
  const { headers } = new SouvenirApi().authenticate.properties;
  const authorization = headers.Authorization.replace(/^=/, "").replace(
    "{{$credentials.apiKey}}",
    CREDENTIALS.apiKey,
  );
  const context = {
    getInputData: () => items.map(() => ({ json: {} })),
    getNodeParameter: (name: string, index: number) => parameterOf(items[index]!, name),
    getCredentials: async () => CREDENTIALS,
    getNode: () => ({ name: "Souvenir", type: "souvenir", typeVersion: 1 }),
    continueOnFail: () => continueOnFail,
    helpers: {
      async httpRequestWithAuthentication(name: string, options: any) {
        assert.equal(name, "souvenirApi");
        const { method, url, body } = options;
        const sent = { "Content-Type": "application/json", Authorization: authorization };
        const answer = await fetch(url, { method, headers: sent, body: JSON.stringify(body) });
        return answer.json();
      },
    },
  };
  const [output] = await new Souvenir().execute.call(context);
  return output;
}

test("stores", async () => {
  const userId = await user();
  const items = [{ operation: "add", userId, text: FACT, wait: true }];
  const [added] = await run(items);
  assert.deepEqual([added.json.status, added.pairedItem], ["completed", 0]);
  assert.equal(await knows(userId), true);
});

test("recalls", async () => {
  const userId = await user(true);
  const [found, listed, answered] = await run([
    { operation: "search", userId, text: QUESTION },
    { operation: "list", userId },
    { operation: "chat", userId, text: QUESTION },
  ]);
  assert.match(found.json.memory_detail_list[0].memory_value, WORD);
  assert.match(listed.json.memory_detail_list[0].memory_value, WORD);
  assert.match(answered.json.response, WORD);
});

test("deletes", async () => {
  const userId = await user(true);
  const rows = await facts(userId);
  await run(rows.map(({ id }) => ({ operation: "delete", userId, memoryId: id })));
  assert.equal(await knows(userId), false);
});

test("a refusal has the server's words, and can be gone on from", async () => {
  const items = [{ operation: "delete", userId: await user(), memoryId: "no-such-memory" }];
  await assert.rejects(run(items), { name: "NodeApiError" });
  const [failed] = await run(items, true);
  assert.ok(failed.json.error);
});

test("every field of the node belongs to an operation, and every operation is offered", () => {
  const { properties } = new Souvenir().description;
  const [operation, ...fields] = properties;
  const offered = operation.options.map(({ value }: Parameters) => value);
  assert.deepEqual(offered, ["add", "search", "list", "chat", "delete"]);
  for (const { name, displayOptions } of fields.slice(1)) {
    assert.ok(displayOptions.show.operation.length > 0, name);
  }
});
