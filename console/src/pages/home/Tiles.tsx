import { Card, Grid, Text } from "@radix-ui/themes";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useWords } from "../../i18n";
import { KindBar, sum } from "../../parts/kindCounts";
import type { Overview } from "../../types";

export function Tiles({ overview }: { overview: Overview }) {
  const t = useWords();
  const format = useFormat();
  const memories = sum(overview.memories);
  const { tasks, outcomes } = overview.today;
  return (
    <Grid columns={{ initial: "2", md: "4" }} gap="4">
      <Tile
        name={t.home.memories}
        figure={format.number(memories)}
        about={t.home.users(overview.users)}
        to="/users"
      >
        <KindBar counts={overview.memories} />
      </Tile>
      <Tile
        name={t.home.today}
        figure={format.number(outcomes.stored ?? 0)}
        about={t.home.todayOf(tasks)}
        to="/tasks"
      />
      <Tile
        name={t.home.waiting}
        figure={format.number(overview.waiting)}
        about={
          overview.oldest_waiting
            ? t.home.waitingSince(format.ago(overview.oldest_waiting))
            : t.home.nothingWaits
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
        <Text as="div" size={{ initial: "6", sm: "8" }} weight="medium" className="figure" color={bad ? "red" : undefined}>
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
