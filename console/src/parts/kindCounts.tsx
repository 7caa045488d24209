/** How many there are of each kind. */

import { useWords } from "../i18n";
import { KINDS, type ByKind } from "../types";
import { KIND_COLOURS } from "./badges";

/** How the memories divide into kinds. */
export function KindBar({ counts }: { counts: ByKind }) {
  const t = useWords();
  const all = sum(counts) || 1;
  const label = KINDS.map((kind) => `${t.kindsMany[kind]}: ${counts[kind] ?? 0}`).join(", ");
  return (
    <span className="kind-bar" role="img" aria-label={label} title={label}>
      {KINDS.map((kind) => (
        <span
          key={kind}
          data-kind={KIND_COLOURS[kind]}
          style={{ width: `${(100 * (counts[kind] ?? 0)) / all}%` }}
        />
      ))}
    </span>
  );
}

export const sum = (counts: Record<string, number | undefined>): number =>
  Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0);
