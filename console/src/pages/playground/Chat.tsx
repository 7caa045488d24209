import { Button, Flex, Grid, Switch, Text, TextArea } from "@radix-ui/themes";
import { Send, Sparkles, Square } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { ApiError, events, post } from "../../api";
import { useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { MemoryCard } from "../../parts/items";
import { useNotes } from "../../parts/notes";
import { Empty } from "../../parts/states";
import { KINDS, LISTS, type Found, type Item, type Kind } from "../../types";

interface Turn {
  question: string;
  answer: string;
  recalled: { kind: Kind; item: Item }[] | null;
}

export function Chat({ owner }: { owner: Owner }) {
  const t = useWords();
  const { fail } = useNotes();
  const [turns, setTurns] = useState<Turn[]>([]);
  const [text, setText] = useState("");
  const [remember, setRemember] = useState(true);
  const [leave, setLeave] = useState<AbortController | null>(null);
  const end = useRef<HTMLDivElement>(null);
  const change = (part: (turn: Turn) => Partial<Turn>) =>
    setTurns((before) => before.map((turn, index) => (index === before.length - 1 ? { ...turn, ...part(turn) } : turn)));
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [turns]);
  const say = async () => {
    const question = text.trim();
    if (!question) return;
    if (!owner.user_id) return fail(new Error(t.playground.needsUser));
    const stop = new AbortController();
    setLeave(stop);
    setText("");
    setTurns((before) => [...before, { question, answer: "", recalled: null }]);
    try {
      void recalledFor(owner, question, stop.signal).then((recalled) => change(() => ({ recalled })), fail);
      for await (const piece of chat(owner, question, remember, stop.signal))
        change((turn) => ({ answer: turn.answer + piece }));
    } catch (error) {
      if (!stop.signal.aborted) fail(error);
    } finally {
      setLeave(null);
    }
  };
  const entered = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void say();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void say();
  };
  const latest = turns.at(-1);
  return (
    <Grid columns={{ initial: "1", md: "3fr 2fr" }} gap="4">
      <Section
        title={t.playground.tabs.chat}
        side={
          <Text as="label" size="2">
            <Flex gap="2" align="center">
              <Switch checked={remember} onCheckedChange={setRemember} />
              {t.playground.remember}
            </Flex>
          </Text>
        }
      >
        <div className="chat" role="log" aria-label={t.playground.tabs.chat} tabIndex={0}>
          {turns.length === 0 && <Empty title={t.playground.chatStart} icon={Sparkles} />}
          <ol className="talk">
            {turns.map((turn, index) => (
              <TurnView key={index} turn={turn} />
            ))}
          </ol>
          <div ref={end} />
        </div>
        <form onSubmit={submit}>
          <Flex gap="2" align="end" mt="3">
            <TextArea
              className="grow"
              aria-label={t.playground.say}
              placeholder={t.playground.sayHint}
              rows={2}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={entered}
            />
            {leave ? (
              <Button type="button" variant="soft" color="gray" highContrast onClick={() => leave.abort()}>
                <Square size={16} aria-hidden />
                {t.playground.stop}
              </Button>
            ) : (
              <Button type="submit" disabled={!text.trim()}>
                <Send size={16} aria-hidden />
                {t.playground.send}
              </Button>
            )}
          </Flex>
        </form>
      </Section>
      <Section title={t.playground.recalled} about={latest?.question}>
        <Recalled recalled={latest?.recalled} />
      </Section>
    </Grid>
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

function Recalled({ recalled }: { recalled: Turn["recalled"] | undefined }) {
  const t = useWords();
  if (!recalled) return <Text color="gray">{t.playground.recalledStart}</Text>;
  if (!recalled.length) return <Text color="gray">{t.playground.recalledNothing}</Text>;
  return (
    <Flex direction="column" gap="3">
      {recalled.map(({ item }) => (
        <MemoryCard key={item.id} item={item} />
      ))}
    </Flex>
  );
}

async function recalledFor(owner: Owner, query: string, signal: AbortSignal) {
  const found = await post<Found>("search/memory", { ...owner, query }, signal);
  return KINDS.flatMap((kind) => found[LISTS[kind]].map((item) => ({ kind, item })));
}

/** The answer in pieces as they come. */
export async function* chat(owner: Owner, query: string, remember: boolean, signal: AbortSignal): AsyncGenerator<string> {
  const body = JSON.stringify({ ...owner, query, stream: true, add_message_on_answer: remember });
  const headers = { "Content-Type": "application/json" };
  for await (const { data } of events("chat", { method: "POST", body, headers, signal })) {
    const piece = data as { type: string; data: string; code?: number };
    if (piece.type === "text") yield piece.data;
    if (piece.type === "error") throw new ApiError(500, piece.code ?? 0, piece.data);
  }
}

export interface Owner {
  user_id: string;
  conversation_id: string;
}
