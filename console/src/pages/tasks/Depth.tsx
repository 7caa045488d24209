import { Card, Flex, Text } from "@radix-ui/themes";
import { Link } from "wouter";
import { useFormat, useWords } from "../../i18n";
import { useBacklogs } from "../../parts/useBacklogs";
import { useOverview } from "../../parts/useOverview";
import { WORKER_QUEUES } from "../../types";

/** How many wait in each queue, and how many workers have something in hand. */
export function Depth() {
  const t = useWords();
  const format = useFormat();
  const { data: backlogs } = useBacklogs(2_000);
  const { data: overview } = useOverview();
  if (!backlogs || !overview) return null;
  const { workers } = overview;
  const busy = workers.filter((worker) => worker.busy).length;
  const waiting = (queue: string) =>
    backlogs.lanes.reduce((sum, lane) => sum + (lane.queue === queue ? lane.waiting : 0), 0);
  const figures: [string, string][] = backlogs.lanes.length
    ? WORKER_QUEUES.map((queue) => [t.tasks.waitingIn[queue], format.number(waiting(queue))])
    : [[t.home.waiting, format.number(backlogs.waiting)]];
  return (
    <Card size="2">
      <Flex gap="5" wrap="wrap" align="center">
        {figures.map(([name, value]) => (
          <Text key={name} size="2" color="gray">
            {name} <strong className="figure ink">{value}</strong>
          </Text>
        ))}
        <Text size="2" color={workers.length ? "gray" : "red"}>
          {t.workers.title} <strong className="figure ink">{t.workers.busyOf(busy, workers.length)}</strong>
        </Text>
        <Text size="2" className="push">
          <Link href="/operations/queues">{t.operations.tabs.queues}</Link>
        </Text>
      </Flex>
    </Card>
  );
}
