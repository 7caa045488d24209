/** A task of the list as it is now: its own events are ahead of the list. */

import { useQuery } from "@tanstack/react-query";
import { get } from "../../api";
import { StateBadge } from "../../parts/badges";
import { HowFar, isMoving, Steps } from "../../parts/TaskView";
import { useLiveTask } from "../../parts/useTask";
import type { Task } from "../../types";

/** A browser opens few connections to one server; those further down move with the list. */
const MOST_FOLLOWED = 3;

/** What is known latest; asks nothing by itself. */
function useLatest(task: Task): Task {
  const { data } = useQuery({
    queryKey: ["task", task.task_id],
    queryFn: ({ signal }) => get<Task>(`tasks/${task.task_id}`, signal),
    enabled: false,
  });
  return data && data.updated_at > task.updated_at ? data : task;
}

/** Follows the first tasks that move, and draws nothing. */
export const FollowFirst = ({ tasks }: { tasks: Task[] }) =>
  tasks
    .filter(isMoving)
    .slice(0, MOST_FOLLOWED)
    .map((task) => <Follow key={task.task_id} task={task} />);

function Follow({ task }: { task: Task }) {
  useLiveTask(task);
  return null;
}

export function LiveState({ task }: { task: Task }) {
  return <StateBadge state={useLatest(task).state} />;
}

export function LiveSteps({ task }: { task: Task }) {
  const latest = useLatest(task);
  return (
    <>
      <Steps task={latest} />
      {isMoving(latest) && <HowFar task={latest} />}
    </>
  );
}
