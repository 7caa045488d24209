/** What a thing is, in one coloured word. */

import { Badge } from "@radix-ui/themes";
import { useWords } from "../i18n";
import type { Kind, State } from "../types";

export const KIND_COLOURS = { fact: "iris", preference: "pink", tool: "amber", skill: "teal" } as const;

export const STATE_COLOURS = {
  queued: "gray",
  running: "blue",
  completed: "green",
  failed: "red",
  dead: "red",
  cancelled: "gray",
} as const;

export function KindBadge({ kind }: { kind: Kind }) {
  const t = useWords();
  return (
    <Badge color={KIND_COLOURS[kind]} highContrast>
      {t.kinds[kind]}
    </Badge>
  );
}

export function StateBadge({ state }: { state: State }) {
  const t = useWords();
  return (
    <Badge color={STATE_COLOURS[state]} highContrast className={state === "running" ? "moving" : undefined}>
      {t.tasks.states[state]}
    </Badge>
  );
}
