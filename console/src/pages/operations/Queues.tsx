import { Badge, Card, Flex, Grid, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { every, get } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Section } from "../../parts/headings";
import { Listing, type Column } from "../../parts/Listing";
import { Shown } from "../../parts/states";
import { HowFar } from "../../parts/TaskView";
import { useBacklogs } from "../../parts/useBacklogs";
import { useOverview } from "../../parts/useOverview";
import { WorkerRows } from "../../parts/workers";
import type { Backlogs, Task } from "../../types";

/** What waits for workers: of this project, and for operators by lane and by project. */
export function Queues() {
  const t = useWords();
  const query = useBacklogs(2_000);
  return (
    <Shown query={query}>
      {(backlogs) => (
        <Flex direction="column" gap="4">
          <Text size="2" color="gray">
            {t.operations.queuesAbout}
          </Text>
          <Summary waiting={backlogs.waiting} />
          <Grid columns={{ initial: "1", md: "2" }} gap="4">
            <Workers />
            <WorkedOn />
          </Grid>
          {backlogs.lanes.length > 0 && (
            <Grid columns={{ initial: "1", md: "2" }} gap="4">
              <Lanes backlogs={backlogs} />
              <Projects backlogs={backlogs} />
            </Grid>
          )}
        </Flex>
      )}
    </Shown>
  );
}

function Summary({ waiting }: { waiting: number }) {
  const t = useWords();
  const format = useFormat();
  const { data: overview } = useOverview();
  const since = overview?.oldest_waiting;
  return (
    <Grid columns={{ initial: "1", xs: "2", md: "3" }} gap="4">
      <Card size="2">
        <Figure name={t.operations.ofProject} value={format.number(waiting)} />
      </Card>
      <Card size="2">
        <Figure name={t.operations.underWay} value={format.number(overview?.waiting ?? 0)}>
          {since ? (
            <>
              {t.operations.oldest} <Ago at={since} />
            </>
          ) : (
            t.home.nothingWaits
          )}
        </Figure>
      </Card>
      <Card size="2">
        <Figure name={t.home.dead} value={format.number(overview?.dead ?? 0)}>
          <Link href="/tasks?state=dead">{t.nav.tasks}</Link>
        </Figure>
      </Card>
    </Grid>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children?: ReactNode }) {
  return (
    <>
      <Text as="div" size="2" color="gray">
        {name}
      </Text>
      <Text as="div" size="6" weight="medium" className="figure">
        {value}
      </Text>
      <Text as="div" size="2" color="gray">
        {children}
      </Text>
    </>
  );
}

/** Each process, and whether it has something in hand. */
function Workers() {
  const t = useWords();
  const { data: overview } = useOverview();
  return (
    <Section title={t.workers.title} about={t.workers.about}>
      <ul className="plain-list">{overview && <WorkerRows workers={overview.workers} />}</ul>
    </Section>
  );
}

/** The tasks that workers have in hand, and at which step. */
function WorkedOn() {
  const t = useWords();
  const query = useQuery({
    queryKey: ["tasks", "running"],
    queryFn: ({ signal }) => get<Task[]>("console/tasks?state=running", signal),
    refetchInterval: every(2_000),
  });
  return (
    <Section title={t.operations.workedOn}>
      <Shown query={query}>
        {(tasks) => (
          <>
            {tasks.length === 0 && <Text color="gray">{t.operations.nobodyWorks}</Text>}
            <ul className="plain-list">
              {tasks.map((task) => (
                <li key={task.task_id}>
                  <Link href={`/tasks/${task.task_id}`} className="grow wrap">
                    {t.tasks.works[task.work] ?? task.work} · {task.files[0]?.name ?? task.user_id}
                  </Link>
                  <HowFar task={task} />
                  <Badge color="blue" highContrast>
                    {t.tasks.steps[task.step] ?? task.step}
                  </Badge>
                  <Text size="2" color="gray">
                    <Ago at={task.created_at} />
                  </Text>
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </Section>
  );
}

function Lanes({ backlogs }: { backlogs: Backlogs }) {
  const t = useWords();
  const format = useFormat();
  const lanes = [...new Set(backlogs.lanes.map(({ lane }) => lane))];
  const queues = [...new Set(backlogs.lanes.map(({ queue }) => queue))];
  const waiting = (queue: string, lane: string) =>
    backlogs.lanes.find((each) => each.queue === queue && each.lane === lane)?.waiting ?? 0;
  const columns: Column<string>[] = [
    {
      head: t.operations.lane,
      cell: (lane) => (
        <>
          {t.operations.laneNames[lane] ?? lane}
          <Text as="div" size="1" color="gray">
            {t.operations.laneAbout[lane]}
          </Text>
        </>
      ),
    },
    ...queues.map((queue): Column<string> => ({
      head: t.operations.queueNames[queue] ?? queue,
      className: "right figure",
      cell: (lane) => format.number(waiting(queue, lane)),
    })),
  ];
  return (
    <Section title={t.operations.lanes} about={t.operations.lanesAbout}>
      <Listing rows={lanes} columns={columns} keyOf={(lane) => lane} />
    </Section>
  );
}

function Projects({ backlogs }: { backlogs: Backlogs }) {
  const t = useWords();
  const format = useFormat();
  return (
    <Section title={t.operations.byProject} about={t.operations.byProjectAbout}>
      {backlogs.projects.length === 0 && <Text color="gray">{t.home.nothingWaits}</Text>}
      <ul className="plain-list">
        {backlogs.projects.map(({ project, waiting }) => (
          <li key={project}>
            <span className="grow wrap">{project}</span>
            <span className="figure">{format.number(waiting)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
