import { post } from "../../api";
import type { Extracted } from "../../types";
import { readTalk } from "./readTalk";

/** What would be remembered of a text, which may be a talk with a speaker before each line; nothing is stored. */
export function dryRun(text: string, instructions?: Record<string, string>): Promise<Extracted> {
  const talk = readTalk(text);
  return post<Extracted>("extract/memory", {
    messages: talk.length ? talk : [{ role: "user", content: text.trim() }],
    ...(instructions && { custom_extract_prompt: instructions }),
  });
}
