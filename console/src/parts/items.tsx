/** Memories as cards and as a table. */

import { Badge, Card, Flex, Grid, Table, Text } from "@radix-ui/themes";
import { Link } from "wouter";
import { useFormat, useWords } from "../i18n";
import type { Item } from "../types";
import { Ago } from "./Ago";
import { textOf, titleOf } from "./itemTexts";

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
  const rated = items.some((item) => item.relativity !== undefined);
  return (
    <Card className="flush">
      <Table.Root>
        <Table.Header>
          <Table.Row>
            <Table.ColumnHeaderCell>{t.user.text}</Table.ColumnHeaderCell>
            {rated && <Table.ColumnHeaderCell>{t.user.relevance}</Table.ColumnHeaderCell>}
            <Table.ColumnHeaderCell className="wide-only">{t.user.tags}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="wide-only">{t.user.created}</Table.ColumnHeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {items.map((item) => (
            <Table.Row key={item.id} className="row-link">
              <Table.RowHeaderCell>
                <Link href={`/memories/${item.id}`} className="cover">
                  {textOf(item)}
                </Link>
              </Table.RowHeaderCell>
              {rated && (
                <Table.Cell>
                  <Relevance value={item.relativity ?? 0} />
                </Table.Cell>
              )}
              <Table.Cell className="wide-only">
                <Flex gap="1" wrap="wrap">
                  <Tags item={item} onTag={onTag} />
                </Flex>
              </Table.Cell>
              <Table.Cell className="wide-only">
                <Text size="2" color="gray">
                  <Ago at={item.create_time} />
                </Text>
              </Table.Cell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table.Root>
    </Card>
  );
}
