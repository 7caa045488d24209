/**
 * Walks the console of a running Souvenir in a real browser:
 *
 *     node walk/walk.mjs PART URL KEY FOLDER [SUBJECTS as JSON]
 *
 * PART is empty (nothing is remembered yet), main, many (ten thousand memories), down (the status service does
 * not answer), or of main only administer or tour, of which ONLY names the pages. Screenshots go to FOLDER.
 * Prints what it measured as JSON; ends with 1 and the list of what was wrong.
 */

import { mkdir } from "node:fs/promises";
import * as actions from "./actions.mjs";
import { check, DESKTOP, launch, open, PHONE, problems, settled, still, visit } from "./browser.mjs";
import { pages } from "./pages.mjs";
import { foreign, WORDS } from "./words.mjs";

const [part, url, key, folder, subjects = "{}"] = process.argv.slice(2);
/** Those that have nothing in common first: what is wrong shows early. */
const MODES = [
  { language: "en", theme: "light" },
  { language: "zh", theme: "dark" },
  { language: "en", theme: "dark" },
  { language: "zh", theme: "light" },
];
const BUDGET_KB = 400;
const figures = {};
/** Names of the pages to look at, or nothing for all. */
const only = (process.env.ONLY ?? "").split(",").filter(Boolean);
const isWanted = ({ name }) => !only.length || only.includes(name);

const shot = (page, name) => page.screenshot({ path: `${folder}/${name}.jpg`, type: "jpeg", quality: 72 });

/** Every page in both languages, both themes and both sizes; two tabs at a time, for who has two processors. */
async function tour(browser) {
  const waiting = [...MODES];
  const next = async () => {
    for (let mode = waiting.shift(); mode; mode = waiting.shift()) await tourIn(browser, mode);
  };
  await Promise.all([next(), next()]);
}

async function tourIn(browser, mode) {
  const tab = await open(browser, url, { ...mode, key });
  for (const { name, path, prepare } of pages(JSON.parse(subjects)).filter(isWanted)) {
    await tab.page.setViewportSize(DESKTOP);
    await visit(tab.page, `${url}/console${path}`);
    await prepare?.(tab.page);
    for (const [size, label] of [
      [DESKTOP, "desktop"],
      [PHONE, "phone"],
    ]) {
      await tab.page.setViewportSize(size);
      await still(tab.page);
      await check(tab, { size, foreign: foreign(mode.language) });
      await shot(tab.page, `${name}-${label}-${mode.language}-${mode.theme}`);
    }
  }
  await tab.context.close();
}

/** The bytes that come over the wire until Home is drawn. */
async function firstLoad(browser) {
  const { page, context } = await open(browser, url, { language: "en", theme: "light", key });
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const files = new Map();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, response }) => files.set(requestId, response.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (files.get(requestId)?.includes("/console")) bytes += encodedDataLength;
  });
  const started = performance.now();
  await visit(page, `${url}/console/`);
  figures["first load, until Home is drawn (ms)"] = Math.round(performance.now() - started);
  figures["first load (kB)"] = Math.round(bytes / 1000);
  if (bytes > BUDGET_KB * 1000) problems.push(`the first load is ${bytes} bytes`);
  await context.close();
}

async function act(browser) {
  const tab = await open(browser, url, { language: "en", theme: "light", expected: ["status of 401"] });
  const { page } = tab;
  const user = "walker";
  await actions.signIn(page, url, key);
  await actions.keyboard(page, url);
  await actions.add(page, url, user, figures);
  await actions.undo(page, url, user);
  await actions.uploadFile(page, url, user);
  await actions.exportUser(page, url, user, "Kyoto");
  await actions.oddIds(page, url);
  await actions.searchAndChange(page, url, user, figures);
  await actions.dragThreshold(page, url, JSON.parse(subjects).user);
  await actions.knowledge(page, url);
  await actions.cancel(page, url, user);
  await tab.context.close();
}

/** What an administrator does, and what one sees whose key opens only one user. */
async function administer(browser) {
  const tab = await open(browser, url, { language: "en", theme: "light", key, expected: ["status of 404"] });
  const { page } = tab;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const secret = await actions.keys(page, url);
  await actions.audit(page, url);
  await actions.quotas(page, url);
  await actions.instructions(page, url);
  await actions.backup(page, url);
  await restricted(browser, secret);
  await actions.revoke(page, url);
  await tab.context.close();
}

async function restricted(browser, secret) {
  const t = WORDS.en;
  const tab = await open(browser, url, { language: "en", theme: "light", expected: ["status of 403"] });
  const { page } = tab;
  await visit(page, `${url}/console/`);
  await page.getByLabel(t.signIn.key).fill(secret);
  await page.getByRole("button", { name: t.signIn.button }).click();
  const forbidden = page.getByRole("alert").filter({ hasText: t.problem.forbidden }).first();
  for (const path of [
    "",
    "administration",
    "administration/audit",
    "administration/quotas",
    "operations",
    "operations/models",
  ]) {
    if (path) await visit(page, `${url}/console/${path}`);
    await forbidden.waitFor();
    for (const size of [DESKTOP, PHONE]) {
      await page.setViewportSize(size);
      await check(tab, { size });
    }
    await page.setViewportSize(DESKTOP);
    if (path === "administration") await shot(page, "forbidden");
  }
  await visit(page, `${url}/console/users`);
  await page.getByText("ana", { exact: true }).first().waitFor();
  await tab.context.close();
}

/** What a system looks like that has nothing, and the way in. */
async function empty(browser) {
  for (const mode of MODES) {
    const tab = await open(browser, url, mode);
    await visit(tab.page, `${url}/console/`);
    await check(tab, { size: DESKTOP, foreign: foreign(mode.language) });
    await shot(tab.page, `sign-in-desktop-${mode.language}-${mode.theme}`);
    await tab.page.evaluate((given) => sessionStorage.setItem("souvenir.key", given), key);
    for (const path of [
      "",
      "users",
      "users/nobody",
      "search",
      "tasks",
      "knowledge",
      "operations",
      "operations/models",
      "operations/queues",
      "administration",
    ]) {
      await visit(tab.page, `${url}/console/${path}`);
      for (const size of [DESKTOP, PHONE]) {
        await tab.page.setViewportSize(size);
        await check(tab, { size, foreign: foreign(mode.language) });
      }
      await tab.page.setViewportSize(DESKTOP);
      await shot(tab.page, `empty-${path.replaceAll("/", "-") || "home"}-${mode.language}-${mode.theme}`);
    }
    await tab.context.close();
  }
}

async function many(browser) {
  const tab = await open(browser, url, { language: "en", theme: "light", key });
  const { user } = JSON.parse(subjects);
  await actions.bigMap(tab.page, url, user, figures);
  await check(tab, { size: DESKTOP });
  await shot(tab.page, "map-of-many");
  const started = performance.now();
  await visit(tab.page, `${url}/console/users`);
  await tab.page.locator("td").first().waitFor();
  figures["users with ten thousand memories, until shown"] = Math.round(performance.now() - started);
  await tab.context.close();
}

async function down(browser) {
  const t = WORDS.en;
  const tab = await open(browser, url, { language: "en", theme: "light", key, expected: ["status of 503"] });
  await visit(tab.page, `${url}/console/`);
  await tab.page.getByText(t.home.down, { exact: true }).waitFor();
  await check(tab, { size: DESKTOP });
  await shot(tab.page, "down-home");
  await tab.page.goto(`${url}/console/tasks`);
  await tab.page.getByRole("alert").filter({ hasText: t.problem.unavailable }).waitFor({ timeout: 90_000 });
  await settled(tab.page);
  await check(tab, { size: DESKTOP });
  await shot(tab.page, "down-tasks");
  await tab.context.close();
}

const PARTS = {
  empty: [empty],
  main: [firstLoad, act, administer, tour],
  administer: [administer],
  tour: [tour],
  many: [many],
  down: [down],
};

await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  for (const step of PARTS[part]) {
    await step(browser).catch((error) => problems.push(`${step.name}: ${error.stack}`));
    console.log(step.name, JSON.stringify(figures));
  }
} finally {
  await browser.close();
}
if (problems.length) {
  console.error([...new Set(problems)].join("\n"));
  process.exitCode = 1;
}
