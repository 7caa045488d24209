import { Badge, Card, Code, Flex, Grid, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Cpu } from "lucide-react";
import { every, get } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { agoColumn } from "../../parts/agoColumn";
import { ListingCard, type Column } from "../../parts/Listing";
import { Empty, Shown } from "../../parts/states";
import type { ModelCall } from "../../types";

const isGood = ({ outcome }: ModelCall): boolean => outcome === "answered" || outcome === "cut";

/** The latest calls of language models: what for, how they ended, what they cost; no contents. */
export function Models() {
  const t = useWords();
  const query = useQuery({
    queryKey: ["model calls"],
    queryFn: ({ signal }) => get<ModelCall[]>("console/models", signal),
    refetchInterval: every(5_000),
  });
  return (
    <Shown query={query}>
      {(calls) =>
        calls.length === 0 ? (
          <Empty title={t.operations.noModels} hint={t.operations.noModelsHint} icon={Cpu} />
        ) : (
          <Flex direction="column" gap="4">
            <Text size="2" color="gray">
              {t.operations.modelsAbout}
            </Text>
            <Roles calls={calls} />
            <CallTable calls={calls} />
          </Flex>
        )
      }
    </Shown>
  );
}

const sum = (calls: ModelCall[], value: (call: ModelCall) => number): number =>
  calls.reduce((all, call) => all + value(call), 0);

const isPriced = ({ cost }: ModelCall): boolean => cost !== null;

function Roles({ calls }: { calls: ModelCall[] }) {
  const t = useWords();
  const format = useFormat();
  const roles = [...new Set(calls.map(({ role }) => role))].sort();
  return (
    <Grid columns={{ initial: "1", sm: "2", lg: "3" }} gap="4">
      {roles.map((role) => {
        const own = calls.filter((call) => call.role === role);
        const good = own.filter(isGood);
        const mean = good.length ? sum(good, ({ ms }) => ms) / good.length : 0;
        return (
          <Card key={role} size="2">
            <Text as="div" size="2" color="gray">
              {t.operations.roles[role] ?? role}
            </Text>
            <Text as="div" size="6" weight="medium" className="figure">
              {format.number(
                sum(own, ({ prompt_tokens, completion_tokens }) => prompt_tokens + completion_tokens),
              )}{" "}
              <Text size="2" color="gray">
                {t.operations.tokens}
              </Text>
            </Text>
            <Text as="div" size="2" color="gray">
              {t.operations.calls(own.length, own.length - good.length)}
              {own.some(isPriced) &&
                ` · ${format.money(
                  sum(own, ({ cost }) => cost ?? 0),
                  own[0]?.currency ?? "",
                )}`}
              {mean > 0 && ` · ${t.operations.mean(format.number(mean))}`}
            </Text>
          </Card>
        );
      })}
    </Grid>
  );
}

function CallTable({ calls }: { calls: ModelCall[] }) {
  const t = useWords();
  const format = useFormat();
  const price: Column<ModelCall> = {
    head: t.operations.cost,
    className: "right figure",
    cell: (call) =>
      call.cost === null ? <Text color="gray">–</Text> : format.money(call.cost, call.currency),
  };
  const columns: Column<ModelCall>[] = [
    {
      head: t.operations.model,
      cell: ({ role, model }) => (
        <>
          <Text as="div">{t.operations.roles[role] ?? role}</Text>
          <Code variant="ghost" color="gray" className="wrap">
            {model}
          </Code>
        </>
      ),
    },
    { head: t.operations.status, cell: (call) => <CallState call={call} /> },
    {
      head: t.operations.tokens,
      className: "right figure",
      cell: (call) =>
        t.operations.inOut(format.number(call.prompt_tokens), format.number(call.completion_tokens)),
    },
    ...(calls.some(isPriced) ? [price] : []),
    { head: t.operations.ms, className: "right figure wide-only", cell: ({ ms }) => format.number(ms) },
    agoColumn(t.operations.time, ({ at }) => at, "right wide-only"),
  ];
  return <ListingCard rows={calls} columns={columns} keyOf={({ at }, index) => `${at} ${index}`} />;
}

function CallState({ call }: { call: ModelCall }) {
  const t = useWords();
  return (
    <Badge color={isGood(call) ? (call.outcome === "cut" ? "amber" : "green") : "red"} highContrast>
      {t.operations.callOutcomes[call.outcome] ?? call.outcome}
    </Badge>
  );
}
