/** Adds and searches over time. */

import { useCallback } from "react";
import { Chart, type Palette } from "../../charts/Chart";
import { useFormat, useWords } from "../../i18n";
import type { Traffic } from "../../types";

export function TrafficChart({ traffic }: { traffic: Traffic[] }) {
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

export function LatencyChart({ traffic }: { traffic: Traffic[] }) {
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
    legend: {
      top: 0,
      left: 0,
      icon: "circle",
      itemWidth: 8,
      itemHeight: 8,
      textStyle: { color: colours.text },
    },
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
      axisLabel: {
        color: colours.text,
        interval: traffic.length > 48 ? 15 : 3,
        formatter: (_: string, index: number) => hour(traffic[index]?.at ?? 0),
      },
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
