import { Badge, Button, Card, Flex, Grid, Switch, Text, TextField, Tooltip } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Search as Lens, Telescope } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Link } from "wouter";
import { post } from "../api";
import { useFormat, useWords } from "../i18n";
import { KindBadge } from "../parts/badges";
import { Labelled, Threshold } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { Relevance } from "../parts/items";
import { Empty, Shown } from "../parts/states";
import { UserField, useUser } from "../parts/users";
import type { Considered, Found } from "../types";
import "../styles/search.css";

const SHOWN = 25;
const MOST = 25;
const TERMS = [
  "meaning",
  "lexical",
  "conversation",
  "links",
  "described",
  "speaker",
  "day",
  "neighbours",
  "peers",
];
const DEFAULT_THRESHOLD = 0.45;

export default function Search() {
  const t = useWords();
  const [user, setUser] = useUser();
  const [compare, setCompare] = useState(false);
  return (
    <>
      <PageHead title={t.search.title} lead={t.search.lead}>
        <Text as="label" size="2">
          <Flex gap="2" align="center">
            <Switch checked={compare} onCheckedChange={setCompare} />
            {t.search.compare}
          </Flex>
        </Text>
      </PageHead>
      <div className="user-field">
        <UserField user={user} onChange={setUser} />
      </div>
      <Legend />
      <Grid columns={{ initial: "1", lg: compare ? "2" : "1" }} gap="4">
        <Explained user={user} label={compare ? t.search.first : t.search.question} />
        {compare && <Explained user={user} label={t.search.second} />}
      </Grid>
    </>
  );
}

function Legend() {
  const t = useWords();
  return (
    <Flex gap="3" wrap="wrap" align="center" asChild>
      <ul className="terms-legend" aria-label={t.search.legend}>
        {TERMS.map((term) => (
          <li key={term}>
            <Tooltip content={t.search.termsAbout[term]}>
              <span>
                <span className="swatch" data-term={term} aria-hidden /> {t.search.terms[term]}
              </span>
            </Tooltip>
          </li>
        ))}
      </ul>
    </Flex>
  );
}

function Explained({ user, label }: { user: string; label: string }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [question, setQuestion] = useState("");
  const [threshold, setThreshold] = useState(DEFAULT_THRESHOLD);
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
              <Result explanation={explanation} threshold={threshold} onThreshold={setThreshold} />
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

interface ResultProps {
  explanation: NonNullable<Found["explanation"]>;
  threshold: number;
  onThreshold: (threshold: number) => void;
}

function Result({ explanation, threshold, onThreshold }: ResultProps) {
  const t = useWords();
  const format = useFormat();
  const [dragged, setDragged] = useState(threshold);
  const [all, setAll] = useState(false);
  const ordered = [...explanation.considered].sort((one, other) => other.total - one.total);
  const most = Math.max(...ordered.map((each) => positive(each)), 1e-6);
  const returned = ordered.filter((each) => each.verdict === "returned").length;
  return (
    <Flex direction="column" gap="4" mt="4">
      {explanation.questions.length > 1 && (
        <div>
          <Text size="2" color="gray">
            {t.search.takenApart}:
          </Text>
          <ol className="questions">
            {explanation.questions.map((question) => (
              <li key={question.text}>{question.text}</li>
            ))}
          </ol>
        </div>
      )}
      <div className="explained">
        <div className="explained-head">
          <Text size="2" color="gray">
            {t.search.considered(ordered.length)} · {t.search.returned(returned)}
          </Text>
          <div className="threshold-line">
            <Text as="div" size="1" color="gray" mb="2">
              {t.search.threshold} <span className="figure">{format.number(dragged, 2)}</span>
            </Text>
            <Threshold
              label={`${t.search.threshold}. ${t.search.thresholdAbout}`}
              value={dragged}
              onChange={setDragged}
              onCommit={onThreshold}
            />
          </div>
        </div>
        <ol className="considered" style={{ "--threshold": dragged } as React.CSSProperties}>
          {ordered.slice(0, all ? undefined : SHOWN).map((each) => (
            <Row key={`${each.id} ${each.question}`} memory={each} most={most} threshold={dragged} />
          ))}
        </ol>
        {!all && ordered.length > SHOWN && (
          <Button variant="soft" color="gray" highContrast onClick={() => setAll(true)}>
            {t.search.showAll(ordered.length)}
          </Button>
        )}
      </div>
    </Flex>
  );
}

/** Terms below zero take away, so a bar may be longer than its sum. */
const positive = (memory: Considered): number =>
  TERMS.reduce((sum, term) => sum + Math.max(0, memory.terms[term] ?? 0), 0);

function Row({ memory, most, threshold }: { memory: Considered; most: number; threshold: number }) {
  const t = useWords();
  const cut = memory.verdict !== "returned" || (memory.relativity ?? 1) < threshold;
  return (
    <li data-cut={cut}>
      <div className="considered-text">
        <Flex gap="2" align="center" wrap="wrap" mb="1">
          <KindBadge kind={memory.kind} />
          <Badge color={memory.verdict === "returned" ? "green" : "gray"} highContrast>
            {t.search.verdicts[memory.verdict]}
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
