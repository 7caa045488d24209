/** Which processes answer, and which models they use. */

import { Badge, Text } from "@radix-ui/themes";
import { useFormat, useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { WorkerRows } from "../../parts/workers";
import type { Overview } from "../../types";

export function HealthCard({ overview }: { overview: Overview }) {
  const t = useWords();
  const format = useFormat();
  return (
    <Section title={t.home.health}>
      <ul className="plain-list">
        {overview.health.map(({ name, state, ms }) => (
          <li key={name}>
            <span className="dot" data-state={state} aria-hidden />
            <span className="grow">{t.home.processes[name] ?? name}</span>
            <Text size="2" color={state === "ok" ? "gray" : "red"}>
              {state === "ok" ? t.home.up : t.home.down}
            </Text>
            <Text size="2" color="gray" className="figure milliseconds">
              {ms ? `${format.number(ms, 1)} ms` : ""}
            </Text>
          </li>
        ))}
        <WorkerRows workers={overview.workers} />
      </ul>
    </Section>
  );
}

export function ModelsCard({ overview }: { overview: Overview }) {
  const t = useWords();
  const rows: [string, string][] = [
    [t.home.embedder, overview.embedder],
    [t.home.extractor, overview.extractor || t.home.builtIn],
    [t.home.chat, overview.chat_model || t.home.quotes],
    [t.home.version, overview.version],
  ];
  return (
    <Section title={t.home.models}>
      <ul className="plain-list">
        {rows.map(([name, value]) => (
          <li key={name}>
            <span className="grow">{name}</span>
            <Badge color="gray" highContrast className="wrap">
              {value}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}
