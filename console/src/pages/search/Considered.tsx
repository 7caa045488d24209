import { Button, Flex, Text } from "@radix-ui/themes";
import { useState, type CSSProperties } from "react";
import { useFormat, useWords } from "../../i18n";
import { Threshold } from "../../parts/controls";
import type { Explanation } from "../../types";
import { Match, positiveSum } from "./Match";

const SHOWN = 25;

interface ConsideredProps {
  explanation: Explanation;
  onThreshold: (threshold: number) => void;
}

/** What was considered, the best first, and the threshold as a line through it. */
export function Considered({ explanation, onThreshold }: ConsideredProps) {
  const t = useWords();
  const [dragged, setDragged] = useState(explanation.threshold);
  const [all, setAll] = useState(false);
  const ordered = [...explanation.considered].sort((one, other) => other.total - one.total);
  const most = Math.max(...ordered.map(positiveSum), 1e-6);
  return (
    <Flex direction="column" gap="4" mt="4">
      <TakenApart explanation={explanation} />
      <div className="explained" style={{ "--threshold": dragged } as CSSProperties}>
        <Summary explanation={explanation} threshold={dragged} />
        <div className="explained-list">
          <div className="threshold-line">
            <Threshold
              label={`${t.search.threshold}. ${t.search.thresholdAbout}`}
              value={dragged}
              onChange={setDragged}
              onCommit={onThreshold}
            />
          </div>
          <ol className="considered">
            {ordered.slice(0, all ? undefined : SHOWN).map((each) => (
              <Match
                key={`${each.id} ${each.question}`}
                memory={each}
                most={most}
                settled={explanation.threshold}
                dragged={dragged}
              />
            ))}
          </ol>
        </div>
        {!all && ordered.length > SHOWN && (
          <Button variant="soft" color="gray" highContrast onClick={() => setAll(true)}>
            {t.search.showAll(ordered.length)}
          </Button>
        )}
      </div>
    </Flex>
  );
}

interface SummaryProps {
  explanation: Explanation;
  threshold: number;
}

function Summary({ explanation: { considered }, threshold }: SummaryProps) {
  const t = useWords();
  const format = useFormat();
  const returned = considered.filter(({ verdict }) => verdict === "returned").length;
  return (
    <Flex justify="between" gap="3" pb="2">
      <Text size="2" color="gray">
        {t.search.considered(considered.length)} · {t.search.returned(returned)}
      </Text>
      <Text size="2" color="gray">
        {t.search.threshold} <span className="figure">{format.number(threshold, 2)}</span>
      </Text>
    </Flex>
  );
}

/** The questions that one query holds, where there are several. */
function TakenApart({ explanation: { questions } }: { explanation: Explanation }) {
  const t = useWords();
  if (questions.length < 2) return null;
  return (
    <div>
      <Text size="2" color="gray">
        {t.search.takenApart}:
      </Text>
      <ol className="questions">
        {questions.map((question) => (
          <li key={question.text}>{question.text}</li>
        ))}
      </ol>
    </div>
  );
}
