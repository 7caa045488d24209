import { Flex, Grid, Text } from "@radix-ui/themes";
import { Sparkles } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n";
import { Toggle } from "../../parts/controls";
import { Section } from "../../parts/headings";
import { MemoryCard } from "../../parts/items";
import { useNotes } from "../../parts/notes";
import { Empty } from "../../parts/states";
import { AskForm } from "./AskForm";
import { ask, begun, type Owner, type Turn } from "./talk";
import "../../styles/talk.css";

export function Chat({ owner }: { owner: Owner }) {
  const t = useWords();
  const [remember, setRemember] = useState(true);
  const { turns, say, leave } = useTalk(owner, remember);
  const latest = turns.at(-1);
  return (
    <Grid columns={{ initial: "1", md: "3fr 2fr" }} gap="4">
      <Section
        title={t.playground.tabs.chat}
        side={<Toggle label={t.playground.remember} on={remember} onChange={setRemember} />}
      >
        <Talk turns={turns} />
        <AskForm
          label={t.playground.say}
          hint={t.playground.sayHint}
          busy={leave !== null}
          onAsk={say}
          onStop={() => leave?.abort()}
        />
      </Section>
      <Section title={t.playground.recalled} about={latest?.question}>
        <Recalled recalled={latest?.recalled} />
      </Section>
    </Grid>
  );
}

/** The turns so far, what begins the next one, and what breaks off the one that is under way. */
function useTalk(owner: Owner, remember: boolean) {
  const t = useWords();
  const { fail } = useNotes();
  const [turns, setTurns] = useState<Turn[]>([]);
  const [leave, setLeave] = useState<AbortController | null>(null);
  const onChange = (part: (turn: Turn) => Partial<Turn>) =>
    setTurns((before) =>
      before.map((turn, index) => (index === before.length - 1 ? { ...turn, ...part(turn) } : turn)),
    );
  const say = (question: string): boolean => {
    if (!owner.user_id) {
      fail(new Error(t.playground.needsUser));
      return false;
    }
    const stop = new AbortController();
    setLeave(stop);
    setTurns((before) => [...before, begun(question)]);
    void ask(owner, question, { remember, signal: stop.signal, onChange })
      .catch((error: unknown) => stop.signal.aborted || fail(error))
      .finally(() => setLeave(null));
    return true;
  };
  return { turns, say, leave };
}

function Talk({ turns }: { turns: Turn[] }) {
  const t = useWords();
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [turns]);
  return (
    <div className="chat" role="log" aria-label={t.playground.tabs.chat} tabIndex={0}>
      {turns.length === 0 && <Empty title={t.playground.chatStart} icon={Sparkles} />}
      <ol className="talk">
        {turns.map((turn, index) => (
          <TurnView key={index} turn={turn} />
        ))}
      </ol>
      <div ref={end} />
    </div>
  );
}

function TurnView({ turn }: { turn: Turn }) {
  const t = useWords();
  return (
    <>
      <li data-role="user">
        <Text as="div" size="1" color="gray">
          {t.memory.roles.user}
        </Text>
        <span className="wrap">{turn.question}</span>
      </li>
      <li data-role="assistant">
        <Text as="div" size="1" color="gray">
          {t.memory.roles.assistant}
        </Text>
        <span className="wrap pre">{turn.answer || `${t.playground.thinking} …`}</span>
      </li>
    </>
  );
}

export function Recalled({ recalled }: { recalled: Turn["recalled"] | undefined }) {
  const t = useWords();
  if (!recalled) return <Text color="gray">{t.playground.recalledStart}</Text>;
  if (!recalled.length) return <Text color="gray">{t.playground.recalledNothing}</Text>;
  return (
    <Flex direction="column" gap="3">
      {recalled.map((item) => (
        <MemoryCard key={item.id} item={item} />
      ))}
    </Flex>
  );
}
