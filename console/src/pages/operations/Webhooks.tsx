import { Badge } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Webhook } from "lucide-react";
import { Link } from "wouter";
import { every, get } from "../../api";
import { useWords } from "../../i18n";
import { agoColumn } from "../../parts/agoColumn";
import { Bar } from "../../parts/Bar";
import { ListingCard, type Column } from "../../parts/Listing";
import { Empty, Shown } from "../../parts/states";
import type { Delivery, Task } from "../../types";

const DELIVERY_COLOURS: Record<string, "green" | "red" | "blue"> = {
  delivered: "green",
  failed: "red",
  waiting: "blue",
};

type Told = Task & { webhook: Delivery };

export function Webhooks() {
  const t = useWords();
  const query = useQuery({
    queryKey: ["tasks", "webhooks"],
    queryFn: ({ signal }) => get<Task[]>("console/tasks?limit=500", signal),
    refetchInterval: every(5_000),
  });
  const columns: Column<Told>[] = [
    {
      head: t.operations.url,
      className: "wrap",
      cell: ({ task_id, webhook }) => <Link href={`/tasks/${task_id}`}>{webhook.url}</Link>,
    },
    {
      head: t.operations.status,
      cell: ({ webhook: { state } }) => (
        <Badge color={DELIVERY_COLOURS[state] ?? "gray"} highContrast>
          {t.operations.delivery[state] ?? state}
        </Badge>
      ),
    },
    { head: t.operations.attempts, className: "right figure", cell: ({ webhook }) => webhook.attempts },
    { head: t.operations.error, className: "wide-only wrap", cell: ({ webhook }) => webhook.error },
    agoColumn(t.operations.time, ({ updated_at }) => updated_at),
  ];
  return (
    <Shown query={query}>
      {(tasks) => {
        const told = tasks.filter((task): task is Told => task.webhook !== undefined);
        if (!told.length)
          return <Empty title={t.operations.noWebhooks} hint={t.operations.noWebhooksHint} icon={Webhook} />;
        return (
          <>
            <Bar about={t.operations.webhooksAbout} />
            <ListingCard rows={told} columns={columns} keyOf={({ task_id }) => task_id} />
          </>
        );
      }}
    </Shown>
  );
}
