// The plugin of OpenClaw, unmodified, between two turns: node openclaw_drive.mjs FOLDER SAID
// ASKED. Its settings come from the environment. Prints what it puts before the second
// prompt as JSON: {"context": ..., "warnings": [...]}; or null for the context so far.
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder, said, asked] = process.argv.slice(2);
const plugin = (await import(pathToFileURL(join(folder, "index.js")).href)).default;
const hooks = new Map();
const warnings = [];
plugin.register({
  pluginConfig: { asyncMode: false, timeoutMs: 60000 },
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
