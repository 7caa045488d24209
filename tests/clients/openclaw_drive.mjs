// The plugin of OpenClaw, unmodified, between two turns: node openclaw_drive.mjs FOLDER SAID
// ASKED [CONFIG]. Its settings come from the environment, and from CONFIG, an openclaw.json. Prints what it puts before the second
// prompt as JSON: {"context": ..., "warnings": [...]}; or null for the context so far.
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { readFileSync } from "node:fs";

const [folder, said, asked, config] = process.argv.slice(2);
const { id } = JSON.parse(readFileSync(join(folder, "openclaw.plugin.json"), "utf8"));
const entry = config ? JSON.parse(readFileSync(config, "utf8")).plugins.entries[id] : {};
if (config && !entry.enabled) throw new Error(`${id} is off`);
const plugin = (await import(pathToFileURL(join(folder, "index.js")).href)).default;
const hooks = new Map();
const warnings = [];
plugin.register({
  pluginConfig: { ...entry.config, asyncMode: false, timeoutMs: 60000 },
  logger: { warn: (line) => warnings.push(line) },
  on: (name, hook) => hooks.set(name, hook),
  registerHook: () => {},
});
const session = { sessionKey: "talk", agentId: "main" };
if (said) {
  const messages = [
    { role: "user", content: said },
    { role: "assistant", content: [{ type: "text", text: "How nice!" }] },
  ];
  await hooks.get("agent_end")({ success: true, messages }, session);
}
const found = await hooks.get("before_agent_start")({ prompt: asked }, session);
console.log(JSON.stringify({ context: found?.prependContext ?? null, warnings }));
