/** The worker processes that run, and what they have in hand. */

import { Text } from "@radix-ui/themes";
import { Link } from "wouter";
import { useWords } from "../i18n";
import { WORKER_QUEUES, type Worker } from "../types";

/** One row each, and one for a queue that nobody works on. */
export function WorkerRows({ workers }: { workers: Worker[] }) {
  const t = useWords();
  return WORKER_QUEUES.map((queue) => {
    const those = workers.filter((worker) => worker.queue === queue);
    const name = t.workers.names[queue];
    return those.length ? (
      those.map((worker, index) => (
        <li key={`${worker.host} ${worker.pid}`}>
          <span className="dot" data-state="ok" aria-hidden />
          <span className="grow wrap">
            {those.length > 1 ? `${name} ${index + 1}` : name}
            <Text as="div" size="1" color="gray">
              {worker.host && `${worker.host}, `}
              {t.workers.process(worker.pid)}
            </Text>
          </span>
          <InHand worker={worker} />
        </li>
      ))
    ) : (
      <li key={queue}>
        <span className="dot" data-state="down" aria-hidden />
        <span className="grow">{name}</span>
        <Text size="2" color="red">
          {t.workers.none}
        </Text>
      </li>
    );
  });
}

function InHand({ worker }: { worker: Worker }) {
  const t = useWords();
  const [task, ...more] = worker.task_ids;
  return (
    <Text size="2" color="gray">
      {!worker.busy && t.workers.idle}
      {worker.busy && !task && t.workers.ofOthers}
      {task && <Link href={`/tasks/${task}`}>{t.workers.busy(1 + more.length)}</Link>}
    </Text>
  );
}
