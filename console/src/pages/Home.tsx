import { Grid } from "@radix-ui/themes";
import { ChartColumn, Timer } from "lucide-react";
import { useWords } from "../i18n";
import { PageHead, Section } from "../parts/headings";
import { sum } from "../parts/kindCounts";
import { Empty, Shown } from "../parts/states";
import { useOverview } from "../parts/useOverview";
import type { Overview, Traffic } from "../types";
import { FirstSteps } from "./home/FirstSteps";
import { HealthCard, ModelsCard } from "./home/health";
import { Tiles } from "./home/Tiles";
import { LatencyChart, TrafficChart } from "./home/trafficCharts";

export function Home() {
  const t = useWords();
  const query = useOverview();
  const isNew = query.data?.users === 0;
  return (
    <>
      <PageHead title={t.home.title} lead={t.home.lead} />
      {isNew && <FirstSteps />}
      <Shown query={query}>{(overview) => <Figures overview={overview} />}</Shown>
      {!isNew && <FirstSteps />}
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
