/** What people do in the console, done: each step fails when its effect does not show. */

import { readFile } from "node:fs/promises";
import { settled, visit } from "./browser.mjs";
import { WORDS } from "./words.mjs";

const t = WORDS.en;
const PATIENCE = 120_000;
const LONG = Array.from(
  { length: 4000 },
  (_, number) => `Rule ${number}: member ${number} pays ${number} euros.`,
).join("\n\n");

const button = (page, name) => page.getByRole("button", { name, exact: true });
const noted = (page, text) => page.locator(".note", { hasText: text }).first().waitFor();

/** Milliseconds until something is done. */
async function timed(figures, name, act) {
  const started = performance.now();
  await act();
  figures[name] = Math.round(performance.now() - started);
}

export async function signIn(page, url, key) {
  await visit(page, `${url}/console/`);
  await page.getByLabel(t.signIn.key).fill("wrong");
  await button(page, t.signIn.button).click();
  await page.getByRole("alert").filter({ hasText: t.problem.wrongKey }).waitFor();
  await page.getByLabel(t.signIn.key).fill(key);
  await button(page, t.signIn.button).click();
  await page.getByRole("heading", { name: t.home.title, exact: true }).waitFor();
}

/** By the keyboard alone: past the navigation, into the theme menu, out again; to a page by the palette. */
export async function keyboard(page, url) {
  await visit(page, `${url}/console/`);
  await page.keyboard.press("Tab");
  await page.locator(".skip:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: t.nav.theme }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemradio", { name: t.nav.dark }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: t.nav.tasks, exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: t.tasks.title, exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await page.locator(".palette input:focus").waitFor();
  await page.keyboard.type("audit");
  await page
    .locator(".palette [cmdk-item][aria-selected=true]", { hasText: t.administration.tabs.audit })
    .waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: t.administration.title, exact: true }).waitFor();
  await page.locator(".palette").waitFor({ state: "detached" });
}

/** All of a user as a file: it has what was added. */
export async function exportUser(page, url, user, text) {
  await visit(page, `${url}/console/users/${user}`);
  const saved = page.waitForEvent("download");
  await button(page, t.user.export).click();
  const file = await saved;
  if (!file.suggestedFilename().endsWith(".jsonl")) throw new Error(file.suggestedFilename());
  const records = (await readFile(await file.path(), "utf-8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  if (!records.some((record) => record.record === "memory" && record.user_id === user))
    throw new Error("the export has no memory");
  if (!records.some((record) => JSON.stringify(record).includes(text)))
    throw new Error(`the export has no ${text}`);
}

/** Any id is one user's page, however it looks. */
export async function oddIds(page, url) {
  const shows = (path, id) =>
    visit(page, `${url}/console/users/${path}`).then(() =>
      page.getByRole("heading", { name: id, exact: true }).waitFor(),
    );
  for (const id of ["100%", "a%2Fb", "a/b", "%", "Zoë 字?#&"]) await shows(encodeURIComponent(id), id);
}

const ended = (page) =>
  page
    .locator(".task-line")
    .first()
    .getByText(t.tasks.states.completed, { exact: true })
    .waitFor({ timeout: PATIENCE });

export async function add(page, url, user, figures) {
  await visit(page, `${url}/console/playground`);
  await page.getByRole("combobox", { name: t.common.user }).fill(user);
  await page.getByRole("tab", { name: t.playground.tabs.add }).click();
  await page.getByLabel(t.playground.text).fill("My brother Otto keeps bees in Kyoto.");
  await timed(figures, "add, until it is remembered", async () => {
    await button(page, t.playground.add).click();
    await ended(page);
  });
  await page.locator(".memory-card", { hasText: "Kyoto" }).first().waitFor();
  await page.getByRole("tab", { name: t.playground.tabs.paste }).click();
  await page
    .getByRole("textbox", { name: t.playground.tabs.paste })
    .fill("user: I sing in a choir on Mondays.\nassistant: Nice!");
  await button(page, t.playground.add).click();
  await ended(page);
  await page.getByRole("tab", { name: t.playground.tabs.preview }).click();
  await page.getByRole("textbox", { name: t.playground.tabs.preview }).fill("I live in Rome. I prefer tea.");
  await button(page, t.playground.preview).click();
  await page.locator(".plain-list li").first().waitFor({ timeout: PATIENCE });
}

/** A task is undone: what it had added is gone. */
export async function undo(page, url, user) {
  await visit(page, `${url}/console/playground`);
  await page.getByRole("combobox", { name: t.common.user }).fill(user);
  await page.getByRole("tab", { name: t.playground.tabs.add }).click();
  await page.getByLabel(t.playground.text).fill("My cousin Ravi plays the sitar in Pune.");
  await button(page, t.playground.add).click();
  await ended(page);
  await page.locator(".memory-card", { hasText: "sitar" }).first().waitFor();
  await page.getByRole("link", { name: t.playground.watch }).first().click();
  await button(page, t.tasks.undo).click();
  await page.getByRole("alertdialog").getByRole("button", { name: t.tasks.undo }).click();
  await page.getByRole("heading", { name: t.tasks.undone, exact: true }).waitFor();
  await visit(page, `${url}/console/users/${user}`);
  await page.locator(".memory-card", { hasText: "bees" }).first().waitFor();
  await page.locator(".memory-card", { hasText: "sitar" }).waitFor({ state: "detached" });
}

export async function uploadFile(page, url, user) {
  await visit(page, `${url}/console/playground`);
  await page.getByRole("combobox", { name: t.common.user }).fill(user);
  await page.getByRole("tab", { name: t.playground.tabs.files }).click();
  await page.locator("input[type=file]").setInputFiles({
    name: "contract.md",
    mimeType: "text/markdown",
    buffer: Buffer.from("# Lease\n\nThe rent of the studio is 700 euros a month."),
  });
  await ended(page);
}

export async function cancel(page, url, user) {
  await visit(page, `${url}/console/playground`);
  await page.getByRole("combobox", { name: t.common.user }).fill(user);
  await page.getByRole("tab", { name: t.playground.tabs.files }).click();
  await page.locator("input[type=file]").setInputFiles({
    name: "long.md",
    mimeType: "text/markdown",
    buffer: Buffer.from(LONG),
  });
  await page.getByRole("link", { name: t.playground.watch }).click();
  await button(page, t.tasks.cancel).click();
  await noted(page, t.tasks.cancelled);
  await page
    .locator(".page-head")
    .getByText(t.tasks.states.cancelled, { exact: true })
    .waitFor({ timeout: PATIENCE });
}

export async function searchAndChange(page, url, user, figures) {
  await visit(page, `${url}/console/users/${user}`);
  await page.getByLabel(t.user.search).fill("bees");
  await timed(figures, "search, until it is shown", async () => {
    await page.keyboard.press("Enter");
    await page.locator(".memory-card", { hasText: "bees" }).first().waitFor();
  });
  await timed(figures, "a memory's page, until it is shown", async () => {
    await page.locator(".memory-card .cover", { hasText: "bees" }).first().click();
    await page.locator(".memory-words", { hasText: "bees" }).waitFor();
  });
  await page.locator(".talk li[data-marked=true]", { hasText: "bees" }).waitFor();
  await button(page, t.memory.edit).click();
  await page.getByLabel(t.memory.editLabel).fill("The user's brother Otto keeps bees in Osaka.");
  await button(page, t.common.save).click();
  await noted(page, t.memory.saved);
  await page.locator(".memory-words", { hasText: "Osaka" }).waitFor();
  await button(page, t.memory.restoreVersion).first().click();
  await page.getByRole("alertdialog").getByRole("button", { name: t.memory.restoreVersion }).click();
  await page.locator(".memory-words", { hasText: "Kyoto" }).waitFor();
  await button(page, t.memory.edit).click();
  await page.getByLabel(t.memory.editLabel).fill("The user's brother Otto keeps bees in Osaka.");
  await button(page, t.common.save).click();
  await page.locator(".memory-words", { hasText: "Osaka" }).waitFor();
  await button(page, t.memory.archive).click();
  await noted(page, t.memory.archived);
  await button(page, t.memory.restore).click();
  await noted(page, t.memory.restored);
  await button(page, t.memory.archive).waitFor();
  await button(page, t.memory.delete).click();
  await page.getByRole("alertdialog").getByRole("button", { name: t.memory.delete }).click();
  await noted(page, t.memory.deleted);
  await page.getByRole("heading", { name: user, exact: true }).waitFor();
  await page.locator(".memory-card", { hasText: "Osaka" }).waitFor({ state: "detached" });
}

export async function dragThreshold(page, url, user) {
  await visit(page, `${url}/console/search`);
  await page.getByRole("combobox", { name: t.common.user }).fill(user);
  await page.getByLabel(t.search.question, { exact: true }).fill("Where does Ana live?");
  await page.keyboard.press("Enter");
  await page.locator(".considered").waitFor();
  const returned = () => page.locator(".considered li[data-cut=false]").count();
  const before = await returned();
  await page.getByRole("slider").focus();
  await page.keyboard.press("Home");
  await page.waitForFunction(
    (count) => document.querySelectorAll(".considered li[data-cut=false]").length > count,
    before,
  );
}

export async function knowledge(page, url) {
  await visit(page, `${url}/console/knowledge`);
  await button(page, t.knowledge.create).click();
  await page.getByLabel(t.knowledge.name).fill("House rules");
  await page.getByRole("dialog").getByRole("button", { name: t.knowledge.create }).click();
  await page.getByRole("heading", { name: "House rules" }).waitFor();
  await page.locator("input[type=file]").setInputFiles([
    {
      name: "quiet.md",
      mimeType: "text/markdown",
      buffer: Buffer.from("Quiet hours begin at ten in the evening."),
    },
    {
      name: "bins.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("The green bin is emptied on Thursdays."),
    },
  ]);
  await page.locator(".files li").nth(1).waitFor();
  for (const number of [0, 1])
    await page
      .locator(".files li")
      .nth(number)
      .getByText(t.knowledge.status.completed, { exact: true })
      .waitFor({ timeout: PATIENCE });
  await page.getByRole("textbox", { name: t.knowledge.searchIn }).fill("When are quiet hours?");
  await page.keyboard.press("Enter");
  await page.locator("li", { hasText: "Quiet hours" }).first().waitFor();
  await button(page, t.knowledge.deleteFile("bins.txt")).click();
  await page.getByRole("alertdialog").getByRole("button", { name: t.common.delete }).click();
  await page.locator(".files li").nth(1).waitFor({ state: "detached" });
  await page.locator(".page-head button").click();
  await page.getByRole("alertdialog").getByRole("button", { name: t.common.delete }).click();
  await page.getByRole("heading", { name: t.knowledge.title, exact: true }).waitFor();
  await page.getByText("House rules").waitFor({ state: "detached" });
}

/** A key for one user: made, copied, rotated. Returns its secret. */
export async function keys(page, url) {
  const a = t.administration;
  await visit(page, `${url}/console/administration`);
  await button(page, a.create).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(a.name).fill("ana's laptop");
  await dialog.getByRole("radio", { name: a.reaches.user }).click();
  await dialog.getByRole("textbox", { name: a.ownerId }).fill("ana");
  await dialog.getByRole("button", { name: a.create }).click();
  await keepSecret(page, "ana's laptop");
  const row = page.locator("tr", { hasText: "ana's laptop" });
  await row.getByText(a.onlyUser("ana")).waitFor();
  await row.getByRole("button", { name: a.rotate }).click();
  await page.getByRole("alertdialog").getByRole("combobox").click();
  await page.getByRole("option", { name: a.overlaps[0], exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: a.rotate }).click();
  return await keepSecret(page, "ana's laptop");
}

async function keepSecret(page, name) {
  const a = t.administration;
  await page.getByRole("heading", { name: a.secretOf(name) }).waitFor();
  const shown = await page.locator("[data-secret]").textContent();
  await button(page, t.common.copy).click();
  await page.getByText(t.common.copied, { exact: true }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  if (copied !== shown) throw new Error("what was copied is not the secret");
  await button(page, a.secretKept).click();
  await page.locator("[data-secret]").waitFor({ state: "detached" });
  return shown;
}

export async function revoke(page, url) {
  const a = t.administration;
  await visit(page, `${url}/console/administration`);
  const rows = page.locator("tr", { hasText: "ana's laptop" });
  const last = rows.last();
  const hint = await last.locator("code").textContent();
  await last.getByRole("button", { name: a.revoke }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: a.revoke }).click();
  await noted(page, a.revoked);
  await page.locator("tr", { hasText: hint }).waitFor({ state: "detached" });
}

export async function audit(page, url) {
  const a = t.administration;
  await visit(page, `${url}/console/administration/audit`);
  await page.getByLabel(a.what).fill("project/keys");
  const made = page.locator("tr", { hasText: "POST /project/keys" }).first();
  await made.waitFor();
  await page.getByLabel(a.from).fill("2999-01-01");
  await page.getByText(a.noAudit, { exact: true }).waitFor();
  await page.getByLabel(a.from).fill("");
  await made.waitFor();
  await page.getByRole("combobox", { name: a.who }).click();
  await page.getByRole("option").nth(1).click();
  await page.waitForURL(/key=/);
  await settled(page);
}

export async function quotas(page, url) {
  const a = t.administration;
  await visit(page, `${url}/console/administration/quotas`);
  const form = page.locator("section", { has: page.getByRole("heading", { name: a.setQuota, exact: true }) });
  await form.getByLabel(a.limitFields.memories).fill("50000");
  await form.getByLabel(a.limitFields.stored_bytes).fill("20000000");
  await form.getByLabel(a.limitFields.monthly_tokens).fill("3000000");
  await form.getByRole("button", { name: t.common.save }).click();
  await noted(page, a.saved);
  await page.getByText(/ of 50,000$/).waitFor();
}

export async function instructions(page, url) {
  const p = t.playground;
  await visit(page, `${url}/console/playground`);
  await page.getByRole("tab", { name: p.tabs.instructions }).click();
  await page.getByLabel(p.instructionKeys.preference).fill("Food only.");
  await page.getByRole("textbox", { name: p.tryOut }).fill("I live in Rome. I prefer tea.");
  await button(page, p.preview).click();
  await page.getByRole("heading", { name: p.asTyped }).waitFor({ timeout: PATIENCE });
  await button(page, p.saveInstructions).click();
  await noted(page, p.instructionsSaved);
  await page.getByLabel(p.instructionKeys.preference).fill("");
  await button(page, p.saveInstructions).click();
  await page.waitForFunction(() => !document.querySelector("[role=tabpanel] textarea").value);
}

/** The file, or the word that this server has none. */
export async function backup(page, url) {
  const a = t.administration;
  await visit(page, `${url}/console/administration/backup`);
  const file = page.waitForEvent("download").then((download) => download.failure());
  const none = page.getByText(a.backupMissing).waitFor();
  await button(page, a.backupGet).click();
  const failure = await Promise.race([file, none.then(() => null)]);
  if (failure) throw new Error(failure);
  void file.catch(() => null);
  void none.catch(() => null);
}

/** A map of very many memories: how long until it is drawn, and while it is zoomed and moved. */
export async function bigMap(page, url, user, figures) {
  await visit(page, `${url}/console/users/${user}`);
  await timed(figures, "map of ten thousand, until it is drawn", async () => {
    await page.getByRole("tab", { name: t.user.tabs.map }).click();
    await page.locator(".chart canvas").waitFor({ timeout: PATIENCE });
  });
  const box = await page.locator(".chart").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const frames = page.evaluate(
    () =>
      new Promise((resolve) => {
        const times = [];
        const next = (at) => (
          times.push(at),
          times.length < 90 ? requestAnimationFrame(next) : resolve(times)
        );
        requestAnimationFrame(next);
      }),
  );
  for (let turn = 0; turn < 12; turn += 1) await page.mouse.wheel(0, turn < 6 ? -120 : 120);
  const times = await frames;
  const gaps = times
    .slice(1)
    .map((at, index) => at - times[index])
    .sort((one, other) => one - other);
  figures["map of ten thousand, a frame while zooming (median)"] = Math.round(gaps[gaps.length >> 1]);
  figures["map of ten thousand, a frame while zooming (95th)"] = Math.round(
    gaps[Math.floor(gaps.length * 0.95)],
  );
  await settled(page);
}
