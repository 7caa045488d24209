import { Badge, Flex, Text, Tooltip } from "@radix-ui/themes";
import { Link } from "wouter";
import { useFormat, useWords } from "../../i18n";
import { KindBadge } from "../../parts/badges";
import { Relevance } from "../../parts/items";
import type { Considered } from "../../types";
import { TERMS } from "./terms";

/** Terms below zero take away, so a bar may be longer than its sum. */
export const positiveSum = (memory: Considered): number =>
  TERMS.reduce((sum, term) => sum + Math.max(0, memory.terms[term] ?? 0), 0);

interface MatchProps {
  memory: Considered;
  /** The longest bar of all. */
  most: number;
  /** The threshold of the search. */
  settled: number;
  /** Where the line is now. */
  dragged: number;
}

/** A memory that was considered: the terms of its score, and what became of it. */
export function Match({ memory, most, settled, dragged }: MatchProps) {
  const t = useWords();
  const anyway = memory.verdict === "returned" && (memory.relativity ?? 1) < settled;
  return (
    <li data-cut={isCut(memory, settled, dragged)}>
      <div className="considered-text">
        <Flex gap="2" align="center" wrap="wrap" mb="1">
          <KindBadge kind={memory.kind} />
          <Badge color={memory.verdict === "returned" ? "green" : "gray"} highContrast>
            {anyway ? t.search.anyway : t.search.verdicts[memory.verdict]}
          </Badge>
        </Flex>
        <Link href={`/memories/${memory.id}`} className="wrap">
          {memory.text}
        </Link>
        <Bars memory={memory} most={most} />
      </div>
      <div className="considered-relativity">
        {memory.relativity !== null && <Relevance value={memory.relativity} />}
      </div>
    </li>
  );
}

/** As the line stands, while it is dragged too; what comes back in any case is never cut by it. */
function isCut({ verdict, relativity }: Considered, settled: number, dragged: number): boolean {
  const near = relativity ?? 1;
  if (verdict === "returned") return near >= settled && near < dragged;
  return verdict !== "below_threshold" || near < dragged;
}

function Bars({ memory, most }: { memory: Considered; most: number }) {
  const t = useWords();
  const format = useFormat();
  const terms = TERMS.filter((term) => Math.abs(memory.terms[term] ?? 0) >= 0.005);
  const said = terms
    .map((term) => `${t.search.terms[term]} ${format.number(memory.terms[term] ?? 0, 2)}`)
    .join(", ");
  return (
    <Flex align="center" gap="3" mt="2">
      <Tooltip content={said}>
        <span className="bars" role="img" aria-label={said}>
          {terms.map((term) => (
            <span
              key={term}
              data-term={term}
              style={{ width: `${(100 * Math.max(0, memory.terms[term] ?? 0)) / most}%` }}
            />
          ))}
        </span>
      </Tooltip>
      <Text size="1" color="gray" className="figure">
        {format.number(memory.total, 2)}
      </Text>
    </Flex>
  );
}
