/** Every example, run as a program. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { WORD } from "./said.js";

const FOLDER = fileURLToPath(new URL("../examples/", import.meta.url));

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".js"))) {
  test(`example ${file}`, async () => {
    const env = { ...process.env, SOUVENIR_USER: randomUUID() };
    const { stdout } = await promisify(execFile)(process.execPath, [FOLDER + file], { env });
    assert.match(stdout, WORD);
  });
}
