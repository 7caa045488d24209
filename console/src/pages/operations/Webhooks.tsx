import { Badge, Card, Table } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Webhook } from "lucide-react";
import { Link } from "wouter";
import { every, get } from "../../api";
import { useWords } from "../../i18n";
import { Bar } from "../../parts/Bar";
import { Empty, Shown } from "../../parts/states";
import type { Task } from "../../types";

const DELIVERY_COLOURS: Record<string, "green" | "red" | "blue"> = {
  delivered: "green",
  failed: "red",
  waiting: "blue",
};

export function Webhooks() {
  const t = useWords();
  const query = useQuery({
    queryKey: ["tasks", "webhooks"],
    queryFn: ({ signal }) => get<Task[]>("console/tasks?limit=500", signal),
    refetchInterval: every(5_000),
  });
  return (
    <Shown query={query}>
      {(tasks) => {
        const told = tasks.filter((task) => task.webhook);
        if (!told.length)
          return <Empty title={t.operations.noWebhooks} hint={t.operations.noWebhooksHint} icon={Webhook} />;
        return (
          <>
            <Bar about={t.operations.webhooksAbout} />
            <Card className="flush">
              <Table.Root size="1">
                <Table.Header>
                  <Table.Row>
                    <Table.ColumnHeaderCell>{t.operations.url}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell>{t.operations.status}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="right">{t.operations.attempts}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="wide-only">{t.operations.error}</Table.ColumnHeaderCell>
                  </Table.Row>
                </Table.Header>
                <Table.Body>
                  {told.map(({ task_id, webhook }) => (
                    <Table.Row key={task_id}>
                      <Table.RowHeaderCell className="wrap">
                        <Link href={`/tasks/${task_id}`}>{webhook?.url}</Link>
                      </Table.RowHeaderCell>
                      <Table.Cell>
                        <Badge color={DELIVERY_COLOURS[webhook?.state ?? ""] ?? "gray"} highContrast>
                          {t.operations.delivery[webhook?.state ?? ""] ?? webhook?.state}
                        </Badge>
                      </Table.Cell>
                      <Table.Cell className="right figure">{webhook?.attempts}</Table.Cell>
                      <Table.Cell className="wide-only wrap">{webhook?.error}</Table.Cell>
                    </Table.Row>
                  ))}
                </Table.Body>
              </Table.Root>
            </Card>
          </>
        );
      }}
    </Shown>
  );
}
