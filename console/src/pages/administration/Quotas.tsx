import { Button, Flex, Grid, Progress, Text, TextField } from "@radix-ui/themes";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { get, put } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Labelled } from "../../parts/controls";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { Shown } from "../../parts/states";
import type { ProjectSettings, Quota, Setting } from "../../types";
import { ofProject } from "./Keys";

const UNITS = [
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
  ["B", 1],
] as const;
const LIMITS = ["memories", "stored_bytes", "daily_tokens", "monthly_tokens"] as const;
const BUDGETS = ["daily_tokens", "monthly_tokens"] as const;

export const useProjectSettings = () =>
  useQuery({
    queryKey: ["project settings"],
    queryFn: ({ signal }) => get<ProjectSettings>("project/settings", signal),
  });

/** The limit of tokens that holds: the lower one of the operator's and the project's own, or that of all projects. */
function useTokenLimit(quota: Quota, isOwn: boolean): (span: "daily" | "monthly") => number {
  const own = useProjectSettings().data;
  const { data: settings } = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => get<Setting[]>("console/settings", signal),
  });
  return (span) => {
    const common = Number(
      settings?.find(({ name }) => name === `SOUVENIR_${span.toUpperCase()}_TOKENS`)?.value ?? 0,
    );
    const budget = (isOwn && own?.[`${span}_tokens`]) || common;
    const limits = [budget, quota[`${span}_tokens`]].filter((limit) => limit > 0);
    return limits.length ? Math.min(...limits) : 0;
  };
}

export function Quotas({ project, isOperator }: { project: string; isOperator: boolean }) {
  const query = useQuery({
    queryKey: ["quota", project],
    queryFn: ({ signal }) => get<Quota>(`project/quota?${ofProject(project)}`, signal),
  });
  return (
    <Shown query={query}>
      {(quota) => (
        <Flex direction="column" gap="4">
          <Used quota={quota} isOwn={!project} />
          <Grid columns={{ initial: "1", md: "2" }} gap="4">
            {!project && <Budget />}
            {isOperator && <SetQuota key={quota.project} quota={quota} project={project} />}
          </Grid>
        </Flex>
      )}
    </Shown>
  );
}

function Used({ quota, isOwn }: { quota: Quota; isOwn: boolean }) {
  const t = useWords();
  const format = useFormat();
  const tokens = useTokenLimit(quota, isOwn);
  const count = (value: number) => format.number(value);
  const bytes = (value: number) => {
    const [unit, size] = UNITS.find(([, least]) => value >= least) ?? (["B", 1] as const);
    return `${format.number(value / size, 1)} ${unit}`;
  };
  return (
    <Section title={t.administration.used(quota.project)} about={t.administration.usedAbout}>
      <Grid columns={{ initial: "1", sm: "2" }} gap="5">
        <Bar
          name={t.administration.limits.memories}
          used={quota.used_memories}
          limit={quota.memories_limit}
          format={count}
        />
        <Bar
          name={t.administration.limits.stored_bytes}
          used={quota.used_bytes}
          limit={quota.stored_bytes_limit}
          format={bytes}
        />
        <Bar
          name={t.administration.limits.daily_tokens}
          used={quota.used_tokens_today}
          limit={tokens("daily")}
          format={count}
        />
        <Bar
          name={t.administration.limits.monthly_tokens}
          used={quota.used_tokens_this_month}
          limit={tokens("monthly")}
          format={count}
        />
      </Grid>
    </Section>
  );
}

interface BarProps {
  name: string;
  used: number;
  limit: number;
  format: (value: number) => string;
}

function Bar({ name, used, limit, format }: BarProps) {
  const t = useWords();
  const share = limit ? Math.min(1, used / limit) : 0;
  const text = limit
    ? t.administration.usedOf(format(used), format(limit))
    : t.administration.noLimit(format(used));
  return (
    <div className="labelled">
      <Flex justify="between" gap="3" wrap="wrap">
        <Text size="2" weight="medium">
          {name}
        </Text>
        <Text size="2" color="gray" className="figure">
          {text}
        </Text>
      </Flex>
      <Progress
        size="3"
        value={share * 100}
        color={share >= 0.9 ? "red" : share >= 0.75 ? "amber" : undefined}
        aria-label={`${name}: ${text}`}
      />
    </div>
  );
}

type Numbers<Name extends string> = Record<Name, string>;

interface NumberFieldsProps<Name extends string> {
  names: readonly Name[];
  values: Numbers<Name>;
  onChange: (values: Numbers<Name>) => void;
}

function NumberFields<Name extends (typeof LIMITS)[number]>({
  names,
  values,
  onChange,
}: NumberFieldsProps<Name>) {
  const t = useWords();
  return names.map((name) => (
    <Labelled key={name} label={t.administration.limitFields[name]}>
      <TextField.Root
        type="number"
        min={0}
        step={1}
        required
        value={values[name]}
        onChange={(event) => onChange({ ...values, [name]: event.target.value })}
      />
    </Labelled>
  ));
}

const asText = <Name extends string>(names: readonly Name[], given: Record<Name, number>): Numbers<Name> =>
  Object.fromEntries(names.map((name) => [name, String(given[name])])) as Numbers<Name>;

const asNumbers = <Name extends string>(values: Numbers<Name>): Record<string, number> =>
  Object.fromEntries(Object.entries<string>(values).map(([name, value]) => [name, Number(value)]));

function useSave(path: string): (values: object) => Promise<void> {
  const t = useWords();
  const { say, fail } = useNotes();
  const queries = useQueryClient();
  return async (values) => {
    try {
      await put(path, values);
      say(t.administration.saved);
      await queries.invalidateQueries();
    } catch (error) {
      fail(error);
    }
  };
}

function SetQuota({ quota, project }: { quota: Quota; project: string }) {
  const t = useWords();
  const [values, setValues] = useState(() => asText(LIMITS, quota));
  const save = useSave("project/quota");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save({ ...asNumbers(values), project });
  };
  return (
    <Section title={t.administration.setQuota} about={t.administration.setQuotaAbout}>
      <form onSubmit={submit}>
        <Flex direction="column" gap="3">
          <NumberFields names={LIMITS} values={values} onChange={setValues} />
          <Flex justify="end">
            <Button type="submit">{t.common.save}</Button>
          </Flex>
        </Flex>
      </form>
    </Section>
  );
}

function Budget() {
  const query = useProjectSettings();
  return <Shown query={query}>{(settings) => <BudgetForm settings={settings} />}</Shown>;
}

function BudgetForm({ settings }: { settings: ProjectSettings }) {
  const t = useWords();
  const [values, setValues] = useState(() => asText(BUDGETS, settings));
  const save = useSave("project/settings");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(asNumbers(values));
  };
  return (
    <Section title={t.administration.budget} about={t.administration.budgetAbout}>
      <form onSubmit={submit}>
        <Flex direction="column" gap="3">
          <NumberFields names={BUDGETS} values={values} onChange={setValues} />
          <Flex justify="end">
            <Button type="submit">{t.common.save}</Button>
          </Flex>
        </Flex>
      </form>
    </Section>
  );
}
