/** What became of a memory, and what it was. */

import { Text } from "@radix-ui/themes";
import { ArrowRight } from "lucide-react";
import { Link } from "wouter";
import { useFormat, useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Difference } from "../../parts/Difference";
import { Section } from "../../parts/headings";
import type { WholeMemory } from "../../types";
import "../../styles/talk.css";

export function Changes({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  return (
    <Section title={t.memory.changed}>
      <ul className="plain-list">
        {memory.changes.map((change) => (
          <li key={`${change.memory_id} ${change.start}`}>
            <ArrowRight size={16} aria-hidden />
            <Link href={`/memories/${change.memory_id}`} className="grow wrap">
              {change.text}
            </Link>
            {change.said_at && (
              <Text size="2" color="gray">
                <Ago at={change.said_at} />
              </Text>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function History({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const format = useFormat();
  const versions = memory.memory.history ?? [];
  const newer = [memory.text, ...versions.map((version) => version.text)];
  return (
    <Section title={t.memory.history} about={t.memory.historyAbout}>
      <ol className="history">
        {versions.map((version, index) => (
          <li key={version.id}>
            <Text as="div" size="1" color="gray">
              {t.memory.until(format.time(version.update_time))}
            </Text>
            <Difference from={version.text} to={newer[index] ?? ""} />
            <Text size="2">
              <Link href={`/memories/${version.id}`}>{t.common.show}</Link>
            </Text>
          </li>
        ))}
      </ol>
    </Section>
  );
}
