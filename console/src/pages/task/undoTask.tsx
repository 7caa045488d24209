/** Taking back what a task has done, and what came of that. */

import { Button, Flex, Text } from "@radix-ui/themes";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { Link } from "wouter";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Confirm } from "../../parts/controls";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { isMoving } from "../../parts/TaskView";
import type { Task, UndoneTask } from "../../types";

/** Kinds of tasks that the server undoes: a document is deleted instead. */
const UNDOABLE = ["add", "feedback"];

export const canUndo = (task: Task): boolean =>
  UNDOABLE.includes(task.work) && !isMoving(task) && Boolean(task.receipts?.length);

/** What was undone stays on the page until it is left; asked again, the server says the same. */
export function useUndo(task: Task) {
  const t = useWords();
  const { say, fail } = useNotes();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => post<UndoneTask>(`tasks/${task.task_id}/undo`),
    onSuccess: () => {
      say(t.tasks.undone);
      return queries.invalidateQueries();
    },
    onError: fail,
  });
}

export type Undoing = ReturnType<typeof useUndo>;

export function UndoButton({ undoing }: { undoing: Undoing }) {
  const t = useWords();
  return (
    <Confirm
      title={t.tasks.undoTitle}
      text={t.tasks.undoText}
      action={t.tasks.undo}
      onConfirm={() => undoing.mutate()}
    >
      <Button variant="soft" color="gray" highContrast loading={undoing.isPending}>
        <Undo2 size={16} aria-hidden />
        {t.tasks.undo}
      </Button>
    </Confirm>
  );
}

export function Undone({ undone }: { undone: UndoneTask }) {
  const t = useWords();
  return (
    <Section
      title={t.tasks.undone}
      about={t.tasks.undoneCounts(undone.removed.length, undone.restored.length)}
    >
      <Flex direction="column" gap="3">
        {undone.restored.map((id) => (
          <Text key={id} size="2">
            {t.tasks.isBack} <Link href={`/memories/${id}`}>{t.common.show}</Link>
          </Text>
        ))}
        {undone.left.map(({ memory_id, reason }) => (
          <Text key={memory_id} size="2">
            {t.tasks.isLeft} {reason} <Link href={`/memories/${memory_id}`}>{t.common.show}</Link>
          </Text>
        ))}
      </Flex>
    </Section>
  );
}
