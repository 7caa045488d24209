/** Memories of any kind: what they say, and all kinds together. */

import { KINDS, LISTS, type Item, type ItemLists, type Kind } from "../types";

/** The words of a memory of any kind. */
export function textOf(item: Item): string {
  return (
    item.memory_value ??
    item.preference ??
    item.tool_value ??
    item.skill_value?.description ??
    item.skill_value?.name ??
    ""
  );
}

/** Its short name, where it has one that says something of its own. */
export function titleOf(item: Item): string {
  const title = item.memory_key ?? item.skill_value?.name ?? "";
  return title && !textOf(item).startsWith(title.replace(/(\.\.\.|…)$/, "")) ? title : "";
}

/** Memories of all kinds, the newest first. */
export const mixed = (found: ItemLists): { kind: Kind; item: Item }[] =>
  KINDS.flatMap((kind) => found[LISTS[kind]].map((item) => ({ kind, item }))).sort(
    (one, other) => other.item.create_time - one.item.create_time,
  );
