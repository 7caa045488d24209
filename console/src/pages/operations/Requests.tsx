import { Badge, Card, Code, Table, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { useState } from "react";
import { every, get } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Bar } from "../../parts/Bar";
import { Toggle } from "../../parts/controls";
import { Empty, Shown } from "../../parts/states";
import type { LoggedRequest } from "../../types";

export const failed = (status: number) => status === 0 || status >= 400;

export function Requests() {
  const t = useWords();
  const format = useFormat();
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
          const listed = requests.filter(({ status }) => !onlyFailed || failed(status));
          if (!listed.length) return <Empty title={t.operations.noRequests} icon={Activity} />;
          return (
            <Card className="flush">
              <Table.Root size="1">
                <Table.Header>
                  <Table.Row>
                    <Table.ColumnHeaderCell>{t.operations.path}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell>{t.operations.status}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="right">{t.operations.ms}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="wide-only">{t.operations.key}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="right wide-only">{t.operations.time}</Table.ColumnHeaderCell>
                  </Table.Row>
                </Table.Header>
                <Table.Body>
                  {listed.map((request, index) => (
                    <Table.Row key={`${request.at} ${index}`}>
                      <Table.RowHeaderCell>
                        <Code variant="ghost" color="gray" highContrast className="wrap">
                          <Text color="gray">{request.method}</Text> {request.path}
                        </Code>
                      </Table.RowHeaderCell>
                      <Table.Cell>
                        <Badge color={failed(request.status) ? "red" : "green"} highContrast className="figure">
                          {request.status || t.operations.left}
                        </Badge>
                      </Table.Cell>
                      <Table.Cell className="right figure">{format.number(request.ms, 1)}</Table.Cell>
                      <Table.Cell className="wide-only">
                        <Code variant="ghost" color="gray">
                          …{request.key}
                        </Code>
                      </Table.Cell>
                      <Table.Cell className="right wide-only">
                        <Text color="gray">
                          <Ago at={request.at} />
                        </Text>
                      </Table.Cell>
                    </Table.Row>
                  ))}
                </Table.Body>
              </Table.Root>
            </Card>
          );
        }}
      </Shown>
    </>
  );
}
