/** What became of a memory, and what it was. */

import { Button, Flex, Text } from "@radix-ui/themes";
import { useQueryClient } from "@tanstack/react-query";
import { ArchiveRestore, ArrowRight } from "lucide-react";
import { Link, useLocation } from "wouter";
import { post } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Confirm } from "../../parts/controls";
import { Difference } from "../../parts/Difference";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
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
            <Flex gap="4" align="center">
              <Text size="2">
                <Link href={`/memories/${version.id}`}>{t.common.show}</Link>
              </Text>
              <RestoreVersion memory={memory} version={version.id} />
            </Flex>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** What held then holds again: of the same memory, or of the one that this one took the place of. */
function RestoreVersion({ memory, version }: { memory: WholeMemory; version: string }) {
  const t = useWords();
  const { say, fail } = useNotes();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const restore = async () => {
    try {
      const body = { memory_id: memory.memory.id, version_id: version };
      const { memory_id } = await post<{ memory_id: string }>("restore/memory", body);
      say(t.memory.restored);
      await queries.invalidateQueries();
      go(`/memories/${memory_id}`);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Confirm
      title={t.memory.restoreVersionTitle}
      text={t.memory.restoreVersionText}
      action={t.memory.restoreVersion}
      onConfirm={() => void restore()}
    >
      <Button size="1" variant="soft" color="gray" highContrast>
        <ArchiveRestore size={14} aria-hidden />
        {t.memory.restoreVersion}
      </Button>
    </Confirm>
  );
}
