import { Badge, Button, Callout, Card, Flex, Table, Text } from "@radix-ui/themes";
import { useQueryClient } from "@tanstack/react-query";
import { Ban, CircleAlert, RotateCcw } from "lucide-react";
import { Link } from "wouter";
import { post } from "../api";
import { useWords } from "../i18n";
import { Ago } from "../parts/Ago";
import { StateBadge } from "../parts/badges";
import { PageHead, Section } from "../parts/headings";
import { useNotes } from "../parts/notes";
import { Shown } from "../parts/states";
import { Counts, HowFar, Steps, useTask } from "../parts/TaskView";
import { KINDS, type Kind, type Task as TaskType } from "../types";

export default function Task({ id }: { id: string }) {
  const query = useTask(id);
  return <Shown query={query}>{(task) => <Whole task={task} />}</Shown>;
}

function Whole({ task }: { task: TaskType }) {
  const t = useWords();
  return (
    <>
      <PageHead
        title={t.tasks.works[task.work] ?? t.tasks.title1}
        lead={
          <Flex gap="2" align="center" wrap="wrap">
            <StateBadge state={task.state} />
            {task.user_id && <Link href={`/users/${encodeURIComponent(task.user_id)}`}>{task.user_id}</Link>}
            {task.knowledgebase_id && (
              <Link href={`/knowledge/${task.knowledgebase_id}`}>{t.memory.knowledgeBase}</Link>
            )}
            <span>
              <Ago at={task.created_at} /> · {t.tasks.attempts(task.attempts)}
            </span>
          </Flex>
        }
      >
        <Actions task={task} />
      </PageHead>
      {task.error_message && (
        <Callout.Root color="red" highContrast>
          <Callout.Icon>
            <CircleAlert size={16} />
          </Callout.Icon>
          <Callout.Text>
            <strong>{t.tasks.failure}:</strong> {task.error_message} {task.error_code ? `(${task.error_code})` : ""}
          </Callout.Text>
        </Callout.Root>
      )}
      <Section title={t.tasks.progress} side={<Counts task={task} />}>
        <Flex direction="column" gap="4">
          <Steps task={task} />
          <HowFar task={task} />
        </Flex>
      </Section>
      {task.files.length > 0 && <Files task={task} />}
      {task.remarks?.length ? (
        <Section title={t.tasks.remarks}>
          <ul className="plain-list">
            {task.remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Receipts task={task} />
    </>
  );
}

function Actions({ task }: { task: TaskType }) {
  const t = useWords();
  const { say, fail } = useNotes();
  const queries = useQueryClient();
  const act = async (action: "cancel" | "replay", done: string) => {
    try {
      await post(`tasks/${task.task_id}/${action}`);
      say(done);
      await queries.invalidateQueries();
    } catch (error) {
      fail(error);
    }
  };
  if (task.state === "queued" || task.state === "running")
    return (
      <Button variant="soft" color="red" highContrast onClick={() => void act("cancel", t.tasks.cancelled)}>
        <Ban size={16} aria-hidden />
        {t.tasks.cancel}
      </Button>
    );
  if (task.state === "failed" || task.state === "dead")
    return (
      <Button variant="soft" highContrast onClick={() => void act("replay", t.tasks.replayed)}>
        <RotateCcw size={16} aria-hidden />
        {t.tasks.replay}
      </Button>
    );
  return null;
}

function Files({ task }: { task: TaskType }) {
  const t = useWords();
  return (
    <Section title={t.tasks.files}>
      <ul className="plain-list">
        {task.files.map((file, index) => (
          <li key={`${file.name} ${index}`}>
            <span className="grow wrap">
              {file.name}
              {file.message && (
                <Text as="div" size="2" color={file.code ? "red" : "gray"}>
                  {file.message}
                </Text>
              )}
            </span>
            {file.pages > 0 && (
              <Text size="2" color="gray">
                {t.tasks.pages(file.pages, file.pages)}
              </Text>
            )}
            <Badge color={file.status === "failed" ? "red" : file.status === "completed" ? "green" : "gray"} highContrast>
              {t.knowledge.status[file.status] ?? file.status}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Receipts({ task }: { task: TaskType }) {
  const t = useWords();
  const receipts = task.receipts ?? [];
  return (
    <Section title={t.tasks.receipts}>
      {receipts.length === 0 ? (
        <Text color="gray">{task.state === "queued" || task.state === "running" ? t.tasks.noReceipts : t.tasks.nothingFound}</Text>
      ) : (
        <Card className="flush inner">
          <Table.Root size="1">
            <Table.Header>
              <Table.Row>
                <Table.ColumnHeaderCell>{t.user.kind}</Table.ColumnHeaderCell>
                <Table.ColumnHeaderCell>{t.memory.outcome}</Table.ColumnHeaderCell>
                <Table.ColumnHeaderCell>{t.tasks.reason}</Table.ColumnHeaderCell>
                <Table.ColumnHeaderCell className="right">{t.memory.title}</Table.ColumnHeaderCell>
              </Table.Row>
            </Table.Header>
            <Table.Body>
              {receipts.slice(0, 500).map((receipt, index) => (
                <Table.Row key={`${receipt.memory_id} ${index}`}>
                  <Table.Cell>{KINDS.includes(receipt.kind as Kind) ? t.kinds[receipt.kind as Kind] : receipt.kind}</Table.Cell>
                  <Table.Cell>{t.tasks.outcomes[receipt.outcome] ?? receipt.outcome}</Table.Cell>
                  <Table.Cell className="wrap">{receipt.reason}</Table.Cell>
                  <Table.Cell className="right">
                    {receipt.outcome !== "dropped" && (
                      <Link href={`/memories/${receipt.memory_id}`}>{t.common.show}</Link>
                    )}
                  </Table.Cell>
                </Table.Row>
              ))}
            </Table.Body>
          </Table.Root>
        </Card>
      )}
    </Section>
  );
}
