/** A task as it moves: its steps, and how far they are. */

import { Flex, Progress, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { get } from "../api";
import { useWords } from "../i18n";
import type { Task } from "../types";
import { StateBadge } from "./badges";
import { useLiveTask } from "./useTask";
import "../styles/tasks.css";

const STEPS = ["queued", "parse", "split", "extract", "embed", "merge", "store", "done"];

/** Whether it has not ended yet. */
export const isMoving = ({ state }: Task): boolean => state === "queued" || state === "running";

export function Steps({ task }: { task: Task }) {
  const t = useWords();
  const at = STEPS.indexOf(task.state === "completed" ? "done" : task.step);
  return (
    <ol className="steps" aria-label={`${t.tasks.step}: ${t.tasks.steps[STEPS[at] ?? ""] ?? task.step}`}>
      {STEPS.map((step, index) => (
        <li
          key={step}
          data-state={index < at ? "past" : index === at ? task.state : "future"}
          title={t.tasks.steps[step]}
        >
          <span>{t.tasks.steps[step]}</span>
        </li>
      ))}
    </ol>
  );
}

/** Pages or passages, whichever moves. */
export function HowFar({ task }: { task: Task }) {
  const t = useWords();
  const figure = (name: string) => Number(task.progress[name] ?? 0);
  const inPages = figure("pages") > 0 && figure("pages_done") < figure("pages");
  const name = inPages ? "pages" : "passages";
  const [done, all] = [figure(`${name}_done`), figure(name)];
  if (!all || task.state === "completed") return null;
  const text = t.tasks[name](done, all);
  return (
    <Flex direction="column" gap="1">
      <Progress value={(100 * done) / all} aria-label={text} />
      <Text size="1" color="gray">
        {text}
      </Text>
    </Flex>
  );
}

export function Counts({ task }: { task: Task }) {
  const t = useWords();
  const parts = Object.entries(task.counts)
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${number} ${t.tasks.outcomes[outcome] ?? outcome}`);
  return (
    <Text size="2" color="gray">
      {parts.join(", ") || "–"}
    </Text>
  );
}

export const useTask = (id: string) => {
  const query = useQuery({
    queryKey: ["task", id],
    queryFn: ({ signal }) => get<Task>(`tasks/${id}`, signal),
  });
  useLiveTask(query.data);
  return query;
};

/** One line about a task, live to its end. */
export function TaskLine({ id, onEnd }: { id: string; onEnd?: (task: Task) => React.ReactNode }) {
  const t = useWords();
  const { data: task } = useTask(id);
  if (!task) return null;
  return (
    <Flex direction="column" gap="2" className="task-line" aria-live="polite">
      <Flex gap="3" align="center" wrap="wrap">
        <StateBadge state={task.state} />
        <Counts task={task} />
        <Text size="2">
          <Link href={`/tasks/${id}`}>{t.playground.watch}</Link>
        </Text>
      </Flex>
      <HowFar task={task} />
      {task.error_message && (
        <Text size="2" color="red" className="wrap">
          {task.error_message}
        </Text>
      )}
      {!isMoving(task) && onEnd?.(task)}
    </Flex>
  );
}
