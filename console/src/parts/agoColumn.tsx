import { Text } from "@radix-ui/themes";
import { Ago } from "./Ago";
import type { Column } from "./Listing";

/** The last column of many tables: how long ago that was. `at`: epoch milliseconds. */
export const agoColumn = <Row,>(
  head: string,
  at: (row: Row) => number,
  className = "right",
): Column<Row> => ({
  head,
  className,
  cell: (row) => (
    <Text color="gray">
      <Ago at={at(row)} />
    </Text>
  ),
});
