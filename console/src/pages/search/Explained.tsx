import { Button, Card, Flex, TextField } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Search as Lens, Telescope } from "lucide-react";
import { useState, type FormEvent } from "react";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Labelled } from "../../parts/controls";
import { Empty, Shown } from "../../parts/states";
import { useKept } from "../../parts/useKept";
import type { Found } from "../../types";
import { Considered } from "./Considered";

const MOST = 25;
const DEFAULT_THRESHOLD = 0.45;

interface ExplainedProps {
  /** Which of several questions. */
  name: string;
  user: string;
  label: string;
}

/** A question beside its matches. */
export function Explained({ name, user, label }: ExplainedProps) {
  const t = useWords();
  const [question, setQuestion] = useKept(`question ${name}`, "");
  const [threshold, setThreshold] = useKept(`threshold ${name}`, DEFAULT_THRESHOLD);
  const [text, setText] = useState(question);
  const query = useQuery({
    queryKey: ["explained", user, question, threshold],
    enabled: Boolean(user && question),
    queryFn: ({ signal }) => post<Found>("search/memory", body(user, question, threshold), signal),
    placeholderData: (before, query) => (query?.queryKey[2] === question ? before : undefined),
  });
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setQuestion(text.trim());
  };
  return (
    <Card size="3">
      <form onSubmit={ask} role="search">
        <Flex gap="3" align="end" className="ask">
          <div className="grow">
            <Labelled label={label}>
              <TextField.Root
                size="3"
                value={text}
                placeholder={t.search.questionHint}
                onChange={(event) => setText(event.target.value)}
              />
            </Labelled>
          </div>
          <Button size="3" type="submit" disabled={!text.trim() || !user}>
            <Lens size={16} aria-hidden />
            {t.search.run}
          </Button>
        </Flex>
      </form>
      {question && user ? (
        <Shown query={query}>
          {({ explanation }) =>
            explanation?.considered.length ? (
              <Considered explanation={explanation} onThreshold={setThreshold} />
            ) : (
              <Empty title={t.search.nothing} hint={t.search.nothingHint} icon={Lens} />
            )
          }
        </Shown>
      ) : (
        <Empty title={t.search.start} hint={t.search.startHint} icon={Telescope} />
      )}
    </Card>
  );
}

const body = (user: string, question: string, relativity: number) => ({
  user_id: user,
  query: question,
  relativity,
  explain: true,
  memory_limit_number: MOST,
  preference_limit_number: MOST,
  include_tool_memory: true,
  tool_memory_limit_number: MOST,
  include_skill: true,
  skill_limit_number: MOST,
});
