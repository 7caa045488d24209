import { Badge, Box, Button, Card, Code, Flex, Grid, IconButton, Tabs, Text, Tooltip } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { ChartColumn, Eye, EyeOff, Timer } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { every, get, storedKey } from "../api";
import { Chart, type Palette } from "../charts/Chart";
import { useFormat, useWords } from "../i18n";
import { CopyButton, KIND_COLOURS, PageHead, Section } from "../parts/pieces";
import { Empty, Shown } from "../parts/states";
import { KINDS, type ByKind, type Overview, type Traffic } from "../types";
import { snippets } from "./snippets";

export function Home() {
  const t = useWords();
  const query = useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => get<Overview>("console/overview", signal),
    refetchInterval: every(5_000),
  });
  return (
    <>
      <PageHead title={t.home.title} lead={t.home.lead} />
      <Shown query={query}>{(overview) => <Figures overview={overview} />}</Shown>
      <FirstSteps />
    </>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const t = useWords();
  return (
    <>
      <Tiles overview={overview} />
      <Grid columns={{ initial: "1", md: "2" }} gap="4">
        <Section title={t.home.traffic} about={t.home.trafficAbout}>
          {asked(overview.traffic) ? (
            <TrafficChart traffic={recent(overview.traffic)} />
          ) : (
            <Empty title={t.home.noTraffic} icon={ChartColumn} />
          )}
        </Section>
        <Section title={t.home.latency} about={t.home.latencyAbout}>
          {asked(overview.traffic, "search") ? (
            <LatencyChart traffic={recent(overview.traffic)} />
          ) : (
            <Empty title={t.home.noSearches} icon={Timer} />
          )}
        </Section>
      </Grid>
      <Grid columns={{ initial: "1", md: "2" }} gap="4">
        <HealthCard overview={overview} />
        <ModelsCard overview={overview} />
      </Grid>
    </>
  );
}

/** Whether there was any traffic, or any of one operation. */
const asked = (traffic: Traffic[], operation?: string): boolean =>
  traffic.some(({ counts }) => (operation ? counts[operation] : sum(counts)));

const LEAST_PERIODS = 16;

/** The periods since the first request, and at least the last four hours. */
function recent(traffic: Traffic[]): Traffic[] {
  const first = traffic.findIndex(({ counts }) => sum(counts) > 0);
  return traffic.slice(Math.max(0, Math.min(first - 1, traffic.length - LEAST_PERIODS)));
}

function Tiles({ overview }: { overview: Overview }) {
  const t = useWords();
  const format = useFormat();
  const memories = sum(overview.memories);
  const { tasks, outcomes } = overview.today;
  return (
    <Grid columns={{ initial: "2", md: "4" }} gap="4">
      <Tile name={t.home.memories} figure={format.number(memories)} about={t.home.users(overview.users)} to="/users">
        <KindBar counts={overview.memories} />
      </Tile>
      <Tile name={t.home.today} figure={format.number(outcomes.stored ?? 0)} about={t.home.todayOf(tasks)} to="/tasks" />
      <Tile
        name={t.home.waiting}
        figure={format.number(overview.waiting)}
        about={
          overview.oldest_waiting ? t.home.waitingSince(format.ago(overview.oldest_waiting)) : t.home.nothingWaits
        }
        to="/tasks"
      />
      <Tile
        name={t.home.dead}
        figure={format.number(overview.dead)}
        about={overview.dead ? t.home.deadHint : t.home.noDead}
        to="/tasks?state=dead"
        bad={overview.dead > 0}
      />
    </Grid>
  );
}

interface TileProps {
  name: string;
  figure: string;
  about: string;
  to: string;
  bad?: boolean;
  children?: ReactNode;
}

function Tile({ name, figure, about, to, bad, children }: TileProps) {
  return (
    <Card size="3" asChild className="tile">
      <Link href={to}>
        <Text as="div" size="2" color="gray">
          {name}
        </Text>
        <Text as="div" size="8" weight="medium" className="figure" color={bad ? "red" : undefined}>
          {figure}
        </Text>
        <Text as="div" size="2" color="gray">
          {about}
        </Text>
        {children}
      </Link>
    </Card>
  );
}

/** How the memories divide into kinds. */
export function KindBar({ counts }: { counts: ByKind }) {
  const t = useWords();
  const all = sum(counts) || 1;
  const label = KINDS.map((kind) => `${t.kindsMany[kind]}: ${counts[kind] ?? 0}`).join(", ");
  return (
    <span className="kind-bar" role="img" aria-label={label} title={label}>
      {KINDS.map((kind) => (
        <span
          key={kind}
          data-kind={KIND_COLOURS[kind]}
          style={{ width: `${(100 * (counts[kind] ?? 0)) / all}%` }}
        />
      ))}
    </span>
  );
}

export const sum = (counts: Record<string, number | undefined>): number =>
  Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0);

function TrafficChart({ traffic }: { traffic: Traffic[] }) {
  const t = useWords();
  const format = useFormat();
  const total = (name: string) => traffic.reduce((all, period) => all + (period.counts[name] ?? 0), 0);
  const option = useCallback(
    (colours: Palette) => ({
      ...base(colours, traffic, format.time),
      series: [
        bars(t.home.adds, colours.teal, traffic, "add"),
        bars(t.home.searches, colours.accent, traffic, "search"),
        bars(t.home.others, colours.gray, traffic, "other"),
      ],
    }),
    [traffic, t, format],
  );
  const label = `${t.home.adds}: ${total("add")}, ${t.home.searches}: ${total("search")}, ${t.home.others}: ${total("other")}`;
  return <Chart label={label} height={220} option={option} />;
}

function LatencyChart({ traffic }: { traffic: Traffic[] }) {
  const t = useWords();
  const format = useFormat();
  const last = traffic.findLast((period) => period.p95.search !== undefined);
  const option = useCallback(
    (colours: Palette) => ({
      ...base(colours, traffic, format.time),
      series: [
        line(t.home.median, colours.accent, traffic, "p50"),
        line(t.home.p95, colours.pink, traffic, "p95"),
      ],
    }),
    [traffic, t, format],
  );
  const label = last
    ? `${t.home.median}: ${format.number(last.p50.search ?? 0)} ms, ${t.home.p95}: ${format.number(last.p95.search ?? 0)} ms`
    : t.home.noTraffic;
  return <Chart label={label} height={220} option={option} />;
}

function base(colours: Palette, traffic: Traffic[], time: (at: number) => string) {
  const hour = (at: number) => new Date(at).toTimeString().slice(0, 5);
  return {
    grid: { left: 4, right: 8, top: 36, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: "circle", itemWidth: 8, itemHeight: 8, textStyle: { color: colours.text } },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: colours.panel,
      borderColor: colours.line,
      textStyle: { color: colours.ink },
    },
    xAxis: {
      type: "category",
      data: traffic.map((period) => time(period.at)),
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { color: colours.text, interval: traffic.length > 48 ? 15 : 3, formatter: (_: string, index: number) => hour(traffic[index]?.at ?? 0) },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.text },
    },
  };
}

const bars = (name: string, color: string, traffic: Traffic[], operation: string) => ({
  name,
  type: "bar",
  stack: "calls",
  barCategoryGap: "25%",
  barMaxWidth: 26,
  itemStyle: { color, borderRadius: 1 },
  data: traffic.map((period) => period.counts[operation] ?? 0),
});

const line = (name: string, color: string, traffic: Traffic[], figure: "p50" | "p95") => ({
  name,
  type: "line",
  smooth: true,
  connectNulls: true,
  showAllSymbol: true,
  symbol: "circle",
  symbolSize: 6,
  lineStyle: { width: 2, color },
  itemStyle: { color },
  data: traffic.map((period) => period[figure].search ?? null),
});

function HealthCard({ overview }: { overview: Overview }) {
  const t = useWords();
  const format = useFormat();
  return (
    <Section title={t.home.health}>
      <ul className="plain-list">
        {overview.health.map(({ name, state, ms }) => (
          <li key={name}>
            <span className="dot" data-state={state} aria-hidden />
            <span className="grow">{t.home.processes[name] ?? name}</span>
            <Text size="2" color={state === "ok" ? "gray" : "red"}>
              {state === "ok" ? t.home.up : t.home.down}
            </Text>
            <Text size="2" color="gray" className="figure milliseconds">
              {ms ? `${format.number(ms, 1)} ms` : ""}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ModelsCard({ overview }: { overview: Overview }) {
  const t = useWords();
  const rows: [string, string][] = [
    [t.home.embedder, overview.embedder],
    [t.home.extractor, overview.extractor || t.home.builtIn],
    [t.home.chat, overview.chat_model || t.home.quotes],
    [t.home.version, overview.version],
  ];
  return (
    <Section title={t.home.models}>
      <ul className="plain-list">
        {rows.map(([name, value]) => (
          <li key={name}>
            <span className="grow">{name}</span>
            <Badge color="gray" highContrast className="wrap">
              {value}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function FirstSteps() {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const key = storedKey();
  const hidden = `${key.slice(0, 4)}${"•".repeat(8)}`;
  return (
    <Section
      title={t.home.firstSteps}
      about={t.home.firstStepsAbout}
      side={
        <Tooltip content={open ? t.home.hideKey : t.home.revealKey}>
          <IconButton
            variant="ghost"
            color="gray"
            highContrast
            aria-label={open ? t.home.hideKey : t.home.revealKey}
            onClick={() => setOpen(!open)}
          >
            {open ? <EyeOff size={16} /> : <Eye size={16} />}
          </IconButton>
        </Tooltip>
      }
    >
      <Tabs.Root defaultValue="curl">
        <Tabs.List highContrast>
          {Object.keys(snippets("", "")).map((name) => (
            <Tabs.Trigger key={name} value={name}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {Object.entries(snippets(location.origin, open ? key : hidden)).map(([name, text]) => (
          <Tabs.Content key={name} value={name}>
            <Box className="snippet" mt="3">
              <pre tabIndex={0}>
                <Code variant="ghost" highContrast color="gray">
                  {text}
                </Code>
              </pre>
              <Flex className="snippet-copy">
                <CopyButton text={snippets(location.origin, key)[name] ?? ""} />
              </Flex>
            </Box>
          </Tabs.Content>
        ))}
      </Tabs.Root>
      <Flex mt="4" gap="3" wrap="wrap">
        <Button asChild variant="soft" highContrast>
          <Link href="/playground">{t.nav.playground}</Link>
        </Button>
        <Button asChild variant="soft" color="gray" highContrast>
          <a href="/docs">{t.nav.docs}</a>
        </Button>
      </Flex>
    </Section>
  );
}
