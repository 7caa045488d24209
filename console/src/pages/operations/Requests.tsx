import { Badge, Code, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { useState } from "react";
import { every, get } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { agoColumn } from "../../parts/agoColumn";
import { Bar } from "../../parts/Bar";
import { Toggle } from "../../parts/controls";
import { ListingCard, type Column } from "../../parts/Listing";
import { Empty, Shown } from "../../parts/states";
import type { LoggedRequest } from "../../types";

const failed = (status: number) => status === 0 || status >= 400;

export function Requests() {
  const t = useWords();
  const columns = useColumns();
  const [onlyFailed, setOnlyFailed] = useState(false);
  const query = useQuery({
    queryKey: ["requests"],
    queryFn: ({ signal }) => get<LoggedRequest[]>("console/requests?limit=200", signal),
    refetchInterval: every(3_000),
  });
  return (
    <>
      <Bar about={t.operations.requestsAbout}>
        <Toggle label={t.operations.onlyFailed} on={onlyFailed} onChange={setOnlyFailed} />
      </Bar>
      <Shown query={query}>
        {(requests) => {
          const rows = requests.filter(({ status }) => !onlyFailed || failed(status));
          if (!rows.length) return <Empty title={t.operations.noRequests} icon={Activity} />;
          return <ListingCard rows={rows} columns={columns} keyOf={({ at }, index) => `${at} ${index}`} />;
        }}
      </Shown>
    </>
  );
}

function useColumns(): Column<LoggedRequest>[] {
  const t = useWords();
  const format = useFormat();
  return [
    {
      head: t.operations.path,
      cell: ({ method, path }) => (
        <Code variant="ghost" color="gray" highContrast className="wrap">
          <Text color="gray">{method}</Text> {path}
        </Code>
      ),
    },
    {
      head: t.operations.status,
      cell: ({ status }) => (
        <Badge color={failed(status) ? "red" : "green"} highContrast className="figure">
          {status || t.operations.left}
        </Badge>
      ),
    },
    { head: t.operations.ms, className: "right figure", cell: ({ ms }) => format.number(ms, 1) },
    {
      head: t.operations.key,
      className: "wide-only",
      cell: ({ key }) => (
        <Code variant="ghost" color="gray">
          …{key}
        </Code>
      ),
    },
    agoColumn(t.operations.time, ({ at }) => at, "right wide-only"),
  ];
}
