import { Card, Table } from "@radix-ui/themes";
import type { Key, ReactNode } from "react";

/** One column: its head, what of a row stands in it, and classes of both. */
export interface Column<Row> {
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  className?: string;
}

interface ListingProps<Row> {
  rows: readonly Row[];
  /** The first one names the row. */
  columns: readonly Column<Row>[];
  keyOf: (row: Row, index: number) => Key;
  /** Dense: "1". */
  size?: "1" | "2";
  rowClass?: string;
}

/** Rows under the heads of their columns. */
export function Listing<Row>({ rows, columns, keyOf, size = "1", rowClass }: ListingProps<Row>) {
  return (
    <Table.Root size={size}>
      <Table.Header>
        <Table.Row>
          {columns.map(({ head, className }, index) => (
            <Table.ColumnHeaderCell key={index} className={className}>
              {head}
            </Table.ColumnHeaderCell>
          ))}
        </Table.Row>
      </Table.Header>
      <Table.Body>
        {rows.map((row, index) => (
          <Table.Row key={keyOf(row, index)} className={rowClass}>
            {columns.map(({ cell, className }, place) => {
              const Cell = place === 0 ? Table.RowHeaderCell : Table.Cell;
              return (
                <Cell key={place} className={className}>
                  {cell(row)}
                </Cell>
              );
            })}
          </Table.Row>
        ))}
      </Table.Body>
    </Table.Root>
  );
}

/** The same in a card of its own. */
export function ListingCard<Row>(props: ListingProps<Row>) {
  return (
    <Card className="flush">
      <Listing {...props} />
    </Card>
  );
}
