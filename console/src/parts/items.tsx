/** Memories as cards and as a table. */

import { Badge, Card, Flex, Grid, Text } from "@radix-ui/themes";
import { Link } from "wouter";
import { useFormat, useWords } from "../i18n";
import type { Item } from "../types";
import { Ago } from "./Ago";
import { textOf, titleOf } from "./itemTexts";
import { ListingCard, type Column } from "./Listing";

/** 0..1 as a bar with its number. */
export function Relevance({ value }: { value: number }) {
  const format = useFormat();
  return (
    <span className="relevance">
      <svg className="relevance-track" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
        <rect width="100" height="6" className="track" />
        <rect width={value * 100} height="6" className="bar" />
      </svg>
      <span className="figure">{format.number(value, 2)}</span>
    </span>
  );
}

interface ItemsProps {
  items: Item[];
  view: "cards" | "table";
  onTag: (tag: string) => void;
}

export function Items({ items, view, onTag }: ItemsProps) {
  return view === "cards" ? (
    <Grid columns={{ initial: "1", sm: "2", lg: "3" }} gap="3">
      {items.map((item) => (
        <MemoryCard key={item.id} item={item} onTag={onTag} />
      ))}
    </Grid>
  ) : (
    <MemoryTable items={items} onTag={onTag} />
  );
}

export function MemoryCard({ item, onTag }: { item: Item; onTag?: (tag: string) => void }) {
  const title = titleOf(item);
  return (
    <Card size="2" className="memory-card">
      {title && (
        <Text as="div" size="1" color="gray" mb="1" truncate>
          {title}
        </Text>
      )}
      <Link href={`/memories/${item.id}`} className="cover memory-text">
        {textOf(item)}
      </Link>
      {item.relativity !== undefined && <Relevance value={item.relativity} />}
      <Flex gap="2" wrap="wrap" align="center" className="memory-foot">
        <Text size="1" color="gray">
          <Ago at={item.create_time} />
        </Text>
        <Tags item={item} onTag={onTag} />
      </Flex>
    </Card>
  );
}

function Tags({ item, onTag }: { item: Item; onTag?: (tag: string) => void }) {
  const t = useWords();
  return (item.tags ?? []).slice(0, 3).map((tag) =>
    onTag ? (
      <Badge key={tag} asChild color="gray" highContrast className="above">
        <button type="button" aria-label={`${t.user.tag}: ${tag}`} onClick={() => onTag(tag)}>
          {tag}
        </button>
      </Badge>
    ) : (
      <Badge key={tag} color="gray" highContrast>
        {tag}
      </Badge>
    ),
  );
}

function MemoryTable({ items, onTag }: { items: Item[]; onTag: (tag: string) => void }) {
  const t = useWords();
  const relevance: Column<Item> = {
    head: t.user.relevance,
    cell: ({ relativity }) => <Relevance value={relativity ?? 0} />,
  };
  const columns: Column<Item>[] = [
    {
      head: t.user.text,
      cell: (item) => (
        <Link href={`/memories/${item.id}`} className="cover">
          {textOf(item)}
        </Link>
      ),
    },
    ...(items.some(({ relativity }) => relativity !== undefined) ? [relevance] : []),
    {
      head: t.user.tags,
      className: "wide-only",
      cell: (item) => (
        <Flex gap="1" wrap="wrap">
          <Tags item={item} onTag={onTag} />
        </Flex>
      ),
    },
    {
      head: t.user.created,
      className: "wide-only",
      cell: ({ create_time }) => (
        <Text size="2" color="gray">
          <Ago at={create_time} />
        </Text>
      ),
    },
  ];
  return <ListingCard rows={items} columns={columns} keyOf={({ id }) => id} size="2" rowClass="row-link" />;
}
