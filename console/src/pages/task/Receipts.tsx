import { Text } from "@radix-ui/themes";
import { Link } from "wouter";
import { useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { textOf } from "../../parts/itemTexts";
import { Listing, type Column } from "../../parts/Listing";
import { isMoving } from "../../parts/TaskView";
import { useMemoriesById } from "../../parts/useMemoriesById";
import { KINDS, type Kind, type Task } from "../../types";

type Receipt = NonNullable<Task["receipts"]>[number];

const MOST = 500;

/** What became of each memory that a task has found. */
export function Receipts({ task }: { task: Task }) {
  const t = useWords();
  const receipts = task.receipts ?? [];
  const { data: items = [] } = useMemoriesById(
    task.user_id,
    receipts.map(({ memory_id }) => memory_id),
  );
  if (task.error_message && !receipts.length) return null;
  const texts = new Map(items.map((item) => [item.id, textOf(item)]));
  const why: Column<Receipt> = {
    head: t.tasks.reason,
    className: "wide-only wrap",
    cell: ({ reason }) => reason,
  };
  const columns: Column<Receipt>[] = [
    {
      head: t.memory.title,
      className: "wrap",
      cell: ({ outcome, memory_id }) =>
        outcome === "dropped" ? (
          "–"
        ) : (
          <Link href={`/memories/${memory_id}`}>{texts.get(memory_id) ?? t.common.show}</Link>
        ),
    },
    { head: t.user.kind, className: "tight", cell: ({ kind }) => (isKind(kind) ? t.kinds[kind] : kind) },
    {
      head: t.memory.outcome,
      className: "tight",
      cell: ({ outcome }) => t.tasks.outcomes[outcome] ?? outcome,
    },
    ...(receipts.some(({ reason }) => reason) ? [why] : []),
  ];
  return (
    <Section title={t.tasks.receipts}>
      {receipts.length === 0 ? (
        <Text color="gray">{isMoving(task) ? t.tasks.noReceipts : t.tasks.nothingFound}</Text>
      ) : (
        <Listing
          rows={receipts.slice(0, MOST)}
          columns={columns}
          keyOf={({ memory_id }, index) => `${memory_id} ${index}`}
        />
      )}
    </Section>
  );
}

const isKind = (kind: string): kind is Kind => (KINDS as readonly string[]).includes(kind);
