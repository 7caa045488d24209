/** What an add has begun, and what came of it. */

import { Flex, Grid } from "@radix-ui/themes";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { MemoryCard } from "../../parts/items";
import { useNotes } from "../../parts/notes";
import { TaskLine } from "../../parts/TaskView";
import { useBusy } from "../../parts/useBusy";
import { useKept } from "../../parts/useKept";
import { useMemoriesById } from "../../parts/useMemoriesById";
import type { Task } from "../../types";
import type { Owner } from "./talk";

const MOST_STORED = 12;

interface Accepted {
  task_id: string;
}

/** Sends an add and remembers which tasks it began. `form`: which of several ways to add. */
export function useAdd(owner: Owner, form: string) {
  const t = useWords();
  const { fail } = useNotes();
  const [tasks, setTasks] = useKept<string[]>(`begun ${form} ${owner.user_id}`, []);
  const [busy, run] = useBusy();
  const add = async (messages: object[]): Promise<boolean> => {
    if (!owner.user_id) {
      fail(new Error(t.playground.needsUser));
      return false;
    }
    return run(async () => {
      const { task_id } = await post<Accepted>("add/message", { ...owner, messages });
      setTasks((before) => [task_id, ...before.filter((id) => id !== task_id)]);
    });
  };
  return { add, busy, tasks };
}

export function Begun({ tasks }: { tasks: string[] }) {
  const t = useWords();
  if (!tasks.length) return null;
  return (
    <Section title={t.playground.accepted}>
      <Flex direction="column" gap="4">
        {tasks.map((id) => (
          <TaskLine key={id} id={id} onEnd={(task) => <Stored task={task} />} />
        ))}
      </Flex>
    </Section>
  );
}

/** The memories that a task made. */
function Stored({ task }: { task: Task }) {
  const queries = useQueryClient();
  const kept = (task.receipts ?? []).filter(({ outcome }) => outcome !== "dropped");
  const { data: items = [] } = useMemoriesById(
    task.user_id,
    kept.map(({ memory_id }) => memory_id),
  );
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["users"] });
  }, [queries, task.receipts]);
  return (
    <Grid columns={{ initial: "1", sm: "2" }} gap="3">
      {items.slice(0, MOST_STORED).map((item) => (
        <MemoryCard key={item.id} item={item} />
      ))}
    </Grid>
  );
}
