/** A browser that watches for everything a page must not do. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Milliseconds; nothing is asserted on time, so a busy machine fails nothing. */
const PATIENCE = 120_000;
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const DESKTOP = { width: 1280, height: 860 };
export const PHONE = { width: 360, height: 740 };

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });

/** What was wrong, page by page; empty at the end of a good walk. */
export const problems = [];

/** A tab in one language and theme. `expected`: texts of console errors that belong to what is tried. */
export async function open(browser, url, { language, theme, size = DESKTOP, key, expected = [] }) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    locale: language === "zh" ? "zh-CN" : "en-GB",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const note = (text) => {
    if (!expected.some((each) => text.includes(each)))
      problems.push(`${language} ${theme} ${page.url()}: ${text}`);
  };
  page.on("console", (message) => message.type() === "error" && note(message.text()));
  page.on("pageerror", (error) => note(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) note(`asks ${request.url()}`);
  });
  if (key) await context.addInitScript((given) => sessionStorage.setItem("souvenir.key", given), key);
  return { page, context, note };
}

/** Goes to a page and waits until nothing is loading on it. */
export async function visit(page, url) {
  await page.goto(url);
  await settled(page);
}

export async function settled(page) {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => !document.querySelector("[role=status].state"));
  await page.waitForLoadState("load");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".chart")].every((chart) => chart.querySelector("canvas")),
  );
}

/** Waits until what a change of size or a click has set moving stands still. */
export async function still(page) {
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((each) => each.effect?.getTiming().iterations === Infinity || each.playState !== "running"),
  );
}

/** Layout, accessibility and translation of what is on the screen. */
export async function check({ page, note }, { size, foreign = [] }) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return null;
    const beyond = [...document.querySelectorAll("main *")].find(
      (node) =>
        node.getBoundingClientRect().right > width + 1 &&
        !node.closest(".scrolling, pre, .rt-ScrollAreaViewport"),
    );
    return beyond?.outerHTML.slice(0, 160) ?? "something";
  });
  if (wide) note(`wider than ${size.width} px: ${wide}`);
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (tags) => globalThis.axe.run({ runOnly: tags, resultTypes: ["violations"] }),
    RULES,
  );
  for (const violation of violations)
    for (const node of violation.nodes.slice(0, 3))
      note(`axe ${violation.id}: ${node.target} ${node.failureSummary}`);
  const text = await page.evaluate(() => document.querySelector(".radix-themes").innerText);
  for (const words of foreign)
    if (text.split("\n").some((line) => line.trim() === words)) note(`not translated: ${words}`);
}
