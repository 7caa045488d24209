import { Card, Flex, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Map as MapIcon } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { get } from "../api";
import { Chart, type Palette, type Pointed } from "../charts/Chart";
import { useFormat, useWords } from "../i18n";
import { KindBadge } from "../parts/badges";
import { Choice } from "../parts/controls";
import { Empty, Shown } from "../parts/states";
import { KINDS, type Kind, type MapPoint } from "../types";
import "../styles/search.css";

const mapEngine = () => import("../charts/mapEngine");
const AGES = 8;
const LABELLED = 60;
const LISTED = 50;
const SHORT = 90;

export default function MemoryMap({ user }: { user: string }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["map", user],
    queryFn: ({ signal }) =>
      get<{ points: MapPoint[] }>(`console/map?user_id=${encodeURIComponent(user)}`, signal),
    staleTime: 60_000,
  });
  return (
    <Shown query={query}>
      {({ points }) =>
        points.length < 3 ? (
          <Empty title={t.user.mapEmpty} hint={t.user.mapEmptyHint} icon={MapIcon} />
        ) : (
          <Plane points={points} />
        )
      }
    </Shown>
  );
}

function Plane({ points }: { points: MapPoint[] }) {
  const t = useWords();
  const format = useFormat();
  const [, go] = useLocation();
  const [colouring, setColouring] = useState<"kind" | "recency">("kind");
  const ordered = useMemo(() => [...points].sort((one, other) => one.at - other.at), [points]);
  const groups = useMemo(
    () => (colouring === "kind" ? byKind(ordered) : byAge(ordered)),
    [ordered, colouring],
  );
  const textAt = useCallback(
    ({ seriesIndex, dataIndex }: Pointed) => groups[seriesIndex]?.members[dataIndex]?.text ?? "",
    [groups],
  );
  const option = useCallback(
    (colours: Palette) => ({
      grid: { left: 76, right: 76, top: 16, bottom: 28 },
      xAxis: hiddenAxis(),
      yAxis: hiddenAxis(),
      dataZoom: [
        { type: "inside", xAxisIndex: 0, filterMode: "none" },
        { type: "inside", yAxisIndex: 0, filterMode: "none" },
      ],
      tooltip: {
        renderMode: "richText",
        confine: true,
        backgroundColor: colours.panel,
        borderColor: colours.line,
        textStyle: { color: colours.ink, width: 280, overflow: "break" },
        formatter: (point: Pointed) => shortened(textAt(point)),
      },
      series: groups.map(({ color, members }) => ({
        type: "scatter",
        large: ordered.length > 2000,
        largeThreshold: 500,
        symbolSize: ordered.length > 2000 ? 5 : ordered.length > 300 ? 8 : 11,
        cursor: "pointer",
        itemStyle: { opacity: 0.8, color: color(colours) },
        labelLayout: { hideOverlap: true },
        label: {
          show: ordered.length <= LABELLED,
          position: "bottom",
          color: colours.text,
          fontSize: 11,
          width: 150,
          overflow: "truncate",
          formatter: (point: Pointed) => textAt(point),
        },
        data: members.map((point) => [point.x, point.y]),
      })),
    }),
    [ordered, groups, textAt],
  );
  const open = useCallback(
    ({ seriesIndex, dataIndex }: Pointed) => go(`/memories/${groups[seriesIndex]?.members[dataIndex]?.id}`),
    [groups, go],
  );
  return (
    <Flex direction="column" gap="4">
      <Flex justify="between" gap="3" wrap="wrap" align="center">
        <Text size="2" color="gray">
          {t.user.mapAbout}
        </Text>
        <Choice
          label={t.user.colour}
          value={colouring}
          onChange={setColouring}
          options={[
            ["kind", t.user.byKind],
            ["recency", t.user.byRecency],
          ]}
        />
      </Flex>
      <Card className="flush">
        <Chart
          label={`${t.user.tabs.map}: ${format.number(points.length)}`}
          height={520}
          option={option}
          onPoint={open}
          engine={mapEngine}
        />
        <Legend colouring={colouring} />
      </Card>
      <details>
        <summary>{t.user.mapList}</summary>
        <ul className="plain-list">
          {ordered.slice(-LISTED).map((point) => (
            <li key={point.id}>
              <KindBadge kind={point.kind} />
              <Link href={`/memories/${point.id}`} className="grow wrap">
                {point.text}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </Flex>
  );
}

function Legend({ colouring }: { colouring: "kind" | "recency" }) {
  const t = useWords();
  if (colouring === "recency")
    return (
      <Flex className="legend" align="center" gap="2">
        <span>{t.user.older}</span>
        <span className="ages" aria-hidden />
        <span>{t.user.newer}</span>
      </Flex>
    );
  return (
    <Flex className="legend" gap="4" wrap="wrap">
      {KINDS.map((kind) => (
        <span key={kind}>
          <span className="swatch" data-kind={kind} aria-hidden /> {t.kindsMany[kind]}
        </span>
      ))}
    </Flex>
  );
}

const hiddenAxis = () => ({ type: "value", show: false, min: -1.05, max: 1.05 });

interface Group {
  color: (colours: Palette) => string;
  members: MapPoint[];
}

/** One group a kind: many points of one colour are drawn at once. */
const byKind = (points: MapPoint[]): Group[] =>
  KINDS.map((kind) => ({ color: COLOURS[kind], members: points.filter((point) => point.kind === kind) }));

const COLOURS: Record<Kind, (colours: Palette) => string> = {
  fact: (colours) => colours.accent,
  preference: (colours) => colours.pink,
  tool: (colours) => colours.amber,
  skill: (colours) => colours.teal,
};

/** Equal parts, the oldest first, from violet to green as in the legend. */
const byAge = (points: MapPoint[]): Group[] =>
  Array.from({ length: AGES }, (_, age) => ({
    color: () => `hsl(${260 - (110 * age) / (AGES - 1)} 60% 55%)`,
    members: points.slice((age * points.length) / AGES, ((age + 1) * points.length) / AGES),
  }));

/** In lines that fit a tooltip. */
function shortened(text: string): string {
  const cut = text.length > 2 * SHORT ? `${text.slice(0, 2 * SHORT)}…` : text;
  return cut.replace(/(.{1,45})(\s+|$)/g, "$1\n").trim();
}
