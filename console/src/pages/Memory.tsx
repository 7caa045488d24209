import { Badge, Button, Card, Code, DataList, Flex, Grid, Heading, Text, TextArea } from "@radix-ui/themes";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, ArrowRight, Pencil, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { get, post } from "../api";
import { Difference } from "../parts/Difference";
import { useFormat, useWords } from "../i18n";
import { useNotes } from "../parts/notes";
import { Ago, Confirm, KindBadge, PageHead, Section } from "../parts/pieces";
import { Shown } from "../parts/states";
import type { Task, WholeMemory } from "../types";

export default function Memory({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ["memory", id],
    queryFn: ({ signal }) => get<WholeMemory>(`console/memory/${id}`, signal),
  });
  return <Shown query={query}>{(memory) => <Whole memory={memory} />}</Shown>;
}

function Whole({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const [editing, setEditing] = useState(false);
  return (
    <>
      <PageHead
        title={t.memory.title}
        lead={
          <Flex gap="2" align="center" wrap="wrap">
            <KindBadge kind={memory.kind} />
            <Badge color={memory.memory.status === "archived" ? "gray" : "green"} highContrast>
              {t.memory.status[memory.memory.status] ?? memory.memory.status}
            </Badge>
            {memory.fast && (
              <Badge color="blue" highContrast>
                {t.memory.fast}
              </Badge>
            )}
            {memory.user_id && <Link href={`/users/${encodeURIComponent(memory.user_id)}`}>{memory.user_id}</Link>}
          </Flex>
        }
      >
        <Actions memory={memory} onEdit={() => setEditing(true)} />
      </PageHead>
      <Card size="4">
        {editing ? <Editor memory={memory} onDone={() => setEditing(false)} /> : <Words memory={memory} />}
      </Card>
      {memory.changes.length > 0 && <Changes memory={memory} />}
      <Grid columns={{ initial: "1", md: "2" }} gap="4">
        <Flex direction="column" gap="4" minWidth="0">
          <Sources memory={memory} />
          {memory.memory.history?.length ? <History memory={memory} /> : null}
        </Flex>
        <Flex direction="column" gap="4" minWidth="0">
          <Receipt memory={memory} />
          <Details memory={memory} />
        </Flex>
      </Grid>
    </>
  );
}

function useChange(memory: WholeMemory) {
  const queries = useQueryClient();
  const { say, fail } = useNotes();
  return async (change: object, done: string): Promise<boolean> => {
    try {
      await post("update/memory", { memory_id: memory.memory.id, ...change });
      say(done);
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => !("status" in change && change.status === "deleted" && queryKey[0] === "memory"),
      });
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };
}

function Actions({ memory, onEdit }: { memory: WholeMemory; onEdit: () => void }) {
  const t = useWords();
  const change = useChange(memory);
  const [, go] = useLocation();
  const archived = memory.memory.status === "archived";
  const remove = async () => {
    if (await change({ status: "deleted" }, t.memory.deleted))
      go(memory.user_id ? `/users/${encodeURIComponent(memory.user_id)}` : "/users");
  };
  return (
    <>
      <Button variant="soft" color="gray" highContrast onClick={onEdit}>
        <Pencil size={16} aria-hidden />
        {t.memory.edit}
      </Button>
      {archived ? (
        <Button variant="soft" highContrast onClick={() => void change({ status: "activated" }, t.memory.restored)}>
          <ArchiveRestore size={16} aria-hidden />
          {t.memory.restore}
        </Button>
      ) : (
        <Button
          variant="soft"
          color="gray"
          highContrast
          onClick={() => void change({ status: "archived" }, t.memory.archived)}
        >
          <Archive size={16} aria-hidden />
          {t.memory.archive}
        </Button>
      )}
      <Confirm
        title={t.memory.deleteTitle}
        text={t.memory.deleteText}
        action={t.memory.delete}
        onConfirm={() => void remove()}
      >
        <Button variant="soft" color="red" highContrast>
          <Trash2 size={16} aria-hidden />
          {t.memory.delete}
        </Button>
      </Confirm>
    </>
  );
}

/** The text, what is outdated in it struck out. */
function Words({ memory }: { memory: WholeMemory }) {
  const { reasoning, experience, tool_used_status: tools, skill_value: skill } = memory.memory;
  const t = useWords();
  const format = useFormat();
  return (
    <Flex direction="column" gap="3">
      {skill?.name && <Heading size="4">{skill.name}</Heading>}
      <Text size="5" className="wrap memory-words">
        {marked(memory)}
      </Text>
      {reasoning && <Aside name={t.memory.reasoning}>{reasoning}</Aside>}
      {experience && <Aside name={t.memory.experience}>{experience}</Aside>}
      {skill?.procedure && <Text className="wrap pre">{skill.procedure}</Text>}
      {tools?.map((tool) => (
        <Aside key={tool.used_tool} name={tool.used_tool}>
          {t.memory.successRate} {format.number(tool.success_rate * 100)} %{tool.error_type && ` · ${tool.error_type}`}
        </Aside>
      ))}
    </Flex>
  );
}

function Aside({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Text color="gray" className="wrap">
      <Text weight="medium">{name}: </Text>
      {children}
    </Text>
  );
}

function marked({ text, changes }: WholeMemory): ReactNode {
  const outdated = [...changes].sort((one, other) => one.start - other.start);
  const pieces: ReactNode[] = [];
  let from = 0;
  for (const change of outdated) {
    if (change.start < from) continue;
    pieces.push(text.slice(from, change.start), <del key={change.start}>{text.slice(change.start, change.end)}</del>);
    from = change.end;
  }
  return [...pieces, text.slice(from)];
}

function Editor({ memory, onDone }: { memory: WholeMemory; onDone: () => void }) {
  const t = useWords();
  const [text, setText] = useState(memory.text);
  const change = useChange(memory);
  const save = async () => {
    if (await change({ content: text.trim() }, t.memory.saved)) onDone();
  };
  return (
    <Flex direction="column" gap="3">
      <TextArea
        aria-label={t.memory.editLabel}
        size="3"
        rows={4}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Flex gap="2" justify="end">
        <Button variant="soft" color="gray" highContrast onClick={onDone}>
          {t.common.cancel}
        </Button>
        <Button disabled={!text.trim() || text.trim() === memory.text} onClick={() => void save()}>
          {t.common.save}
        </Button>
      </Flex>
    </Flex>
  );
}

function Changes({ memory }: { memory: WholeMemory }) {
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

function Sources({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const nothing = !memory.messages.length && !memory.pages.length;
  return (
    <Section title={t.memory.sources}>
      {nothing && <Text color="gray">{t.memory.noSources}</Text>}
      {memory.pages.map((page) => (
        <Flex key={`${page.file} ${page.page}`} gap="2" mb="2">
          <Badge color="gray" highContrast className="wrap">
            {page.file}
          </Badge>
          {page.page > 0 && <Text color="gray">{t.memory.page(page.page)}</Text>}
        </Flex>
      ))}
      {memory.passages.length > 0 && <Passages memory={memory} />}
      <ol className="talk">
        {memory.messages.map((message) => (
          <li key={message.id} data-role={message.role} data-marked={message.marked}>
            <Text as="div" size="1" color="gray">
              {t.memory.roles[message.role] ?? message.role} · <Ago at={message.at} />
              {message.marked && ` · ${t.memory.readFrom}`}
            </Text>
            <span className="wrap">{message.text}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** The page of the document, its own passage marked. */
function Passages({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  return (
    <ol className="document">
      {memory.passages.map((passage) => (
        <li key={passage.memory_id} data-marked={passage.marked}>
          {passage.marked ? (
            <>
              <Text as="div" size="1" color="gray">
                {t.memory.readFromPassage}
              </Text>
              <mark className="wrap pre">{passage.text}</mark>
            </>
          ) : (
            <Link href={`/memories/${passage.memory_id}`} className="wrap pre">
              {passage.text}
            </Link>
          )}
        </li>
      ))}
    </ol>
  );
}

function History({ memory }: { memory: WholeMemory }) {
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

function Receipt({ memory }: { memory: WholeMemory }) {
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
          {receipt && <Row name={t.memory.outcome}>{t.tasks.outcomes[receipt.outcome] ?? receipt.outcome}</Row>}
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

function Details({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const format = useFormat();
  const item = memory.memory;
  const info = Object.entries(item.info ?? {});
  const rows: [string, ReactNode][] = [
    [t.memory.id, <Code key="id">{item.id}</Code>],
    [t.memory.type, item.memory_type ?? item.preference_type ?? item.tool_type ?? ""],
    [t.memory.agent, memory.agent_id],
    [t.memory.conversation, item.conversation_id],
    [t.memory.knowledgeBase, memory.knowledgebase_id && <Link href={`/knowledge/${memory.knowledgebase_id}`}>{t.common.show}</Link>],
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
        {rows.map(([name, value]) => value && <Row key={name} name={name}>{value}</Row>)}
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
