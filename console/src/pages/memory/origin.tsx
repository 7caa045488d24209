/** How a memory was made, and its fields. */

import { Code, DataList, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { get } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import type { Task, WholeMemory } from "../../types";

export function Receipt({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["task", memory.task_id],
    queryFn: ({ signal }) => get<Task>(`tasks/${memory.task_id}`, signal),
    enabled: memory.task_id !== null,
  });
  const receipt = query.data?.receipts?.find((each) => each.memory_id === memory.memory.id);
  return (
    <Section title={t.memory.receipt}>
      {memory.task_id === null || query.error ? (
        <Text color="gray">{t.memory.noTask}</Text>
      ) : (
        <DataList.Root>
          <Row name={t.memory.task}>
            <Link href={`/tasks/${memory.task_id}`} className="wrap">
              {query.data ? (t.tasks.works[query.data.work] ?? query.data.work) : memory.task_id}
            </Link>
          </Row>
          {receipt && (
            <Row name={t.memory.outcome}>{t.tasks.outcomes[receipt.outcome] ?? receipt.outcome}</Row>
          )}
          {receipt?.reason && <Row name={t.tasks.reason}>{receipt.reason}</Row>}
          {receipt?.other && receipt.other !== memory.memory.id && (
            <Row name={t.memory.other}>
              <Link href={`/memories/${receipt.other}`}>{t.common.show}</Link>
            </Row>
          )}
        </DataList.Root>
      )}
    </Section>
  );
}

export function Details({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const format = useFormat();
  const item = memory.memory;
  const info = Object.entries(item.info ?? {});
  const rows: [string, ReactNode][] = [
    [t.memory.id, <Code key="id">{item.id}</Code>],
    [t.memory.type, item.memory_type ?? item.preference_type ?? item.tool_type ?? ""],
    [t.memory.agent, memory.agent_id],
    [t.memory.conversation, item.conversation_id],
    [
      t.memory.knowledgeBase,
      memory.knowledgebase_id && <Link href={`/knowledge/${memory.knowledgebase_id}`}>{t.common.show}</Link>,
    ],
    [t.memory.speaker, memory.speaker],
    [t.memory.created, format.time(item.create_time)],
    [t.memory.updated, format.time(item.update_time)],
    [t.memory.said, memory.said_at && format.time(memory.said_at)],
    [t.memory.happened, memory.happened_at && format.time(memory.happened_at)],
    [t.memory.confidence, item.confidence && format.number(item.confidence, 2)],
    [t.memory.public, memory.public ? t.common.yes : t.common.no],
    [t.user.tags, item.tags?.join(", ")],
    [t.memory.info, info.length ? info.map(([name, value]) => `${name}: ${String(value)}`).join(", ") : ""],
  ];
  return (
    <Section title={t.memory.details}>
      <DataList.Root orientation={{ initial: "vertical", xs: "horizontal" }}>
        {rows.map(
          ([name, value]) =>
            value && (
              <Row key={name} name={name}>
                {value}
              </Row>
            ),
        )}
      </DataList.Root>
    </Section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <DataList.Item>
      <DataList.Label>{name}</DataList.Label>
      <DataList.Value className="wrap">{children}</DataList.Value>
    </DataList.Item>
  );
}
