import { Badge, Flex, Select, Text } from "@radix-ui/themes";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { Link, useSearchParams } from "wouter";
import { every, get } from "../api";
import { useWords } from "../i18n";
import { agoColumn } from "../parts/agoColumn";
import { PageHead } from "../parts/headings";
import { ListingCard, type Column } from "../parts/Listing";
import { Empty, Shown } from "../parts/states";
import { Counts } from "../parts/TaskView";
import { ToPlayground } from "../parts/ToPlayground";
import { STATES, type Task } from "../types";
import { Depth } from "./tasks/Depth";
import { FollowFirst, LiveState, LiveSteps } from "./tasks/followed";
import "../styles/tasks.css";

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
        <StateFilter
          value={state}
          onChange={(chosen) => setSearch(chosen === EVERY ? {} : { state: chosen })}
        />
      </PageHead>
      <Depth />
      <Shown query={query}>
        {(tasks) =>
          tasks.length === 0 ? (
            <Empty title={t.tasks.empty} hint={t.tasks.emptyHint} icon={ListChecks}>
              {state === EVERY && <ToPlayground />}
            </Empty>
          ) : (
            <TaskTable tasks={tasks} />
          )
        }
      </Shown>
    </>
  );
}

interface StateFilterProps {
  value: string;
  onChange: (state: string) => void;
}

function StateFilter({ value, onChange }: StateFilterProps) {
  const t = useWords();
  return (
    <Select.Root value={value} onValueChange={onChange}>
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
  );
}

function TaskTable({ tasks }: { tasks: Task[] }) {
  const t = useWords();
  const columns: Column<Task>[] = [
    {
      head: t.tasks.work,
      cell: (task) => (
        <>
          <Link href={`/tasks/${task.task_id}`} className="cover wrap">
            {t.tasks.works[task.work] ?? task.work}
          </Link>
          <Text as="div" size="1" color="gray" className="wrap">
            {task.files.map((file) => file.name).join(", ") || task.user_id}
          </Text>
        </>
      ),
    },
    { head: t.tasks.state, cell: (task) => <LiveState task={task} /> },
    {
      head: t.tasks.step,
      className: "wide-only",
      cell: (task) => <LiveSteps task={task} />,
    },
    { head: t.tasks.result, className: "wide-only", cell: (task) => <Outcome task={task} /> },
    agoColumn(t.tasks.begun, ({ created_at }) => created_at),
  ];
  return (
    <>
      <FollowFirst tasks={tasks} />
      <ListingCard
        rows={tasks}
        columns={columns}
        keyOf={({ task_id }) => task_id}
        size="2"
        rowClass="row-link"
      />
    </>
  );
}

function Outcome({ task }: { task: Task }) {
  if (!task.error_message) return <Counts task={task} />;
  return (
    <Text size="2" color={task.state === "cancelled" ? "gray" : "red"} className="two-lines">
      {task.error_message}
    </Text>
  );
}
