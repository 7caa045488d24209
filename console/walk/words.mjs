/** The words of both languages, read from the sources. */

import { readFile } from "node:fs/promises";
import { transformWithOxc } from "vite";

async function words(language) {
  const file = new URL(`../src/i18n/${language}.ts`, import.meta.url);
  const { code } = await transformWithOxc(await readFile(file, "utf-8"), file.pathname);
  return (await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`))[language];
}

export const WORDS = { en: await words("en"), zh: await words("zh") };

/** Texts of one language that are others in the other one: they must not be seen there. */
export const foreign = (language) => {
  const [own, other] = language === "zh" ? [WORDS.zh, WORDS.en] : [WORDS.en, WORDS.zh];
  return [...different(own, other)].filter((text) => text.length > 2);
};

function* different(own, other) {
  for (const name of Object.keys(other)) {
    if (typeof other[name] === "string" && other[name] !== own[name]) yield other[name];
    else if (typeof other[name] === "object") yield* different(own[name], other[name]);
  }
}
