import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { events } from "../api";
import type { Task } from "../types";

/** Keeps a task's query live by server-sent events while it has not ended. */
export function useLiveTask(task: Task | undefined): void {
  const queries = useQueryClient();
  const id = task?.task_id;
  const moving = task !== undefined && (task.state === "queued" || task.state === "running");
  useEffect(() => {
    if (!id || !moving) return;
    const leave = new AbortController();
    void (async () => {
      try {
        for await (const { data } of events(`tasks/${id}/events`, { signal: leave.signal }))
          queries.setQueryData<Task>(["task", id], (before) => ({ ...before, ...(data as Task) }));
      } catch {
        // Cut off: the query is asked again below, and by its own interval.
      }
      if (!leave.signal.aborted) await queries.invalidateQueries({ queryKey: ["task", id] });
    })();
    return () => leave.abort();
  }, [id, moving, queries]);
}
