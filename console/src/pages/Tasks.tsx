import { Badge, Card, Flex, Select, Table, Text } from "@radix-ui/themes";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { Link, useSearchParams } from "wouter";
import { every, get } from "../api";
import { useWords } from "../i18n";
import { Ago } from "../parts/Ago";
import { StateBadge } from "../parts/badges";
import { PageHead } from "../parts/headings";
import { Empty, Shown } from "../parts/states";
import { Counts, HowFar, Steps } from "../parts/TaskView";
import { STATES, type State, type Task } from "../types";

const EVERY = "all";

export default function Tasks() {
  const t = useWords();
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? EVERY;
  const query = useQuery({
    queryKey: ["tasks", state],
    queryFn: ({ signal }) =>
      get<Task[]>(`console/tasks?limit=100${state === EVERY ? "" : `&state=${state}`}`, signal),
    refetchInterval: every(2_000),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead
        title={t.tasks.title}
        lead={
          <Flex gap="2" align="center">
            {t.tasks.lead}
            {query.isSuccess && (
              <Badge color="green" highContrast className="live">
                {t.tasks.live}
              </Badge>
            )}
          </Flex>
        }
      >
        <Select.Root value={state} onValueChange={(chosen) => setSearch(chosen === EVERY ? {} : { state: chosen })}>
          <Select.Trigger aria-label={t.tasks.state} />
          <Select.Content highContrast>
            <Select.Item value={EVERY}>{t.common.all}</Select.Item>
            {STATES.map((each) => (
              <Select.Item key={each} value={each}>
                {t.tasks.states[each]}
              </Select.Item>
            ))}
          </Select.Content>
        </Select.Root>
      </PageHead>
      <Shown query={query}>
        {(tasks) =>
          tasks.length === 0 ? (
            <Empty title={t.tasks.empty} hint={t.tasks.emptyHint} icon={ListChecks} />
          ) : (
            <TaskTable tasks={tasks} />
          )
        }
      </Shown>
    </>
  );
}

const moving = (state: State) => state === "queued" || state === "running";

function TaskTable({ tasks }: { tasks: Task[] }) {
  const t = useWords();
  return (
    <Card className="flush">
      <Table.Root>
        <Table.Header>
          <Table.Row>
            <Table.ColumnHeaderCell>{t.tasks.work}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell>{t.tasks.state}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="wide-only">{t.tasks.step}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="wide-only">{t.tasks.result}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="right">{t.tasks.begun}</Table.ColumnHeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {tasks.map((task) => (
            <Table.Row key={task.task_id} className="row-link">
              <Table.RowHeaderCell>
                <Link href={`/tasks/${task.task_id}`} className="cover wrap">
                  {t.tasks.works[task.work] ?? task.work}
                </Link>
                <Text as="div" size="1" color="gray" className="wrap">
                  {task.files.map((file) => file.name).join(", ") || task.user_id}
                </Text>
              </Table.RowHeaderCell>
              <Table.Cell>
                <StateBadge state={task.state} />
              </Table.Cell>
              <Table.Cell className="wide-only">
                <Steps task={task} />
                {moving(task.state) && <HowFar task={task} />}
              </Table.Cell>
              <Table.Cell className="wide-only">
                {task.error_message ? (
                  <Text size="2" color={task.state === "cancelled" ? "gray" : "red"} className="two-lines">
                    {task.error_message}
                  </Text>
                ) : (
                  <Counts task={task} />
                )}
              </Table.Cell>
              <Table.Cell className="right">
                <Text size="2" color="gray">
                  <Ago at={task.created_at} />
                </Text>
              </Table.Cell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table.Root>
    </Card>
  );
}
