import { Badge, Button, Callout, Flex, Text } from "@radix-ui/themes";
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
import { Counts, HowFar, isMoving, Steps, useTask } from "../parts/TaskView";
import type { Task as TaskType } from "../types";
import { Receipts } from "./task/Receipts";
import { canUndo, UndoButton, Undone, useUndo } from "./task/undoTask";

export default function Task({ id }: { id: string }) {
  const query = useTask(id);
  return <Shown query={query}>{(task) => <Whole task={task} />}</Shown>;
}

function Whole({ task }: { task: TaskType }) {
  const t = useWords();
  const undoing = useUndo(task);
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
        {canUndo(task) && !undoing.data && <UndoButton undoing={undoing} />}
      </PageHead>
      {task.error_message && (
        <Callout.Root color="red" highContrast>
          <Callout.Icon>
            <CircleAlert size={16} />
          </Callout.Icon>
          <Callout.Text>
            <strong>{t.tasks.failure}:</strong> {task.error_message}{" "}
            {task.error_code ? `(${task.error_code})` : ""}
          </Callout.Text>
        </Callout.Root>
      )}
      {undoing.data && <Undone undone={undoing.data} />}
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
  if (isMoving(task))
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
            <Badge
              color={file.status === "failed" ? "red" : file.status === "completed" ? "green" : "gray"}
              highContrast
            >
              {t.knowledge.status[file.status] ?? file.status}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}
