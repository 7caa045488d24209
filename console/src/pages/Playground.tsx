import { Badge, Button, Flex, Grid, Switch, Tabs, Text, TextArea, TextField } from "@radix-ui/themes";
import { useQueryClient } from "@tanstack/react-query";
import { Send, Sparkles, Square } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { ApiError, events, get, post } from "../api";
import { useWords } from "../i18n";
import { DropFiles } from "../parts/DropFiles";
import { useNotes } from "../parts/notes";
import { KindBadge, Labelled, PageHead, Section, useUser, UserField } from "../parts/pieces";
import { Empty } from "../parts/states";
import { TaskLine } from "../parts/TaskView";
import { KINDS, LISTS, type Extracted, type Found, type Item, type Kind, type Task, type WholeMemory } from "../types";
import { Instructions } from "./Instructions";
import { MemoryCard } from "./User";

const TABS = ["chat", "add", "files", "paste", "preview", "instructions"] as const;

const MOST_STORED = 12;

interface Owner {
  user_id: string;
  conversation_id: string;
}

export default function Playground() {
  const t = useWords();
  const [user, setUser] = useUser();
  const [conversation, setConversation] = useState("playground");
  const owner = { user_id: user.trim(), conversation_id: conversation.trim() };
  return (
    <>
      <PageHead title={t.playground.title} lead={t.playground.lead} />
      <Flex gap="4" wrap="wrap">
        <div className="user-field">
          <UserField user={user} onChange={setUser} />
        </div>
        <div className="user-field">
          <Labelled label={t.playground.conversation}>
            <TextField.Root value={conversation} maxLength={100} onChange={(event) => setConversation(event.target.value)} />
          </Labelled>
        </div>
      </Flex>
      <Tabs.Root defaultValue="chat">
        <Tabs.List highContrast className="scrolling">
          {TABS.map((tab) => (
            <Tabs.Trigger key={tab} value={tab}>
              {t.playground.tabs[tab]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="chat" className="tab">
          <Chat owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="add" className="tab">
          <AddText owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="files" className="tab">
          <AddFiles owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="paste" className="tab">
          <Paste owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="preview" className="tab">
          <Preview />
        </Tabs.Content>
        <Tabs.Content value="instructions" className="tab">
          <Instructions />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}

interface Turn {
  question: string;
  answer: string;
  recalled: { kind: Kind; item: Item }[] | null;
}

function Chat({ owner }: { owner: Owner }) {
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
async function* chat(owner: Owner, query: string, remember: boolean, signal: AbortSignal): AsyncGenerator<string> {
  const body = JSON.stringify({ ...owner, query, stream: true, add_message_on_answer: remember });
  const headers = { "Content-Type": "application/json" };
  for await (const { data } of events("chat", { method: "POST", body, headers, signal })) {
    const piece = data as { type: string; data: string; code?: number };
    if (piece.type === "text") yield piece.data;
    if (piece.type === "error") throw new ApiError(500, piece.code ?? 0, piece.data);
  }
}

interface Accepted {
  task_id: string;
}

/** Sends an add and remembers which tasks it began. */
function useAdd(owner: Owner) {
  const t = useWords();
  const { fail } = useNotes();
  const [tasks, setTasks] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const add = async (messages: object[]): Promise<boolean> => {
    if (!owner.user_id) {
      fail(new Error(t.playground.needsUser));
      return false;
    }
    setBusy(true);
    try {
      const { task_id } = await post<Accepted>("add/message", { ...owner, messages });
      setTasks((before) => [task_id, ...before.filter((id) => id !== task_id)]);
      return true;
    } catch (error) {
      fail(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { add, busy, tasks };
}

function Begun({ tasks }: { tasks: string[] }) {
  const t = useWords();
  if (!tasks.length) return null;
  return (
    <Section title={t.playground.accepted}>
      <Flex direction="column" gap="4">
        {tasks.map((id) => (
          <TaskLine key={id} id={id} onEnd={(task) => <Stored task={task} />} />
        ))}
      </Flex>
    </Section>
  );
}

/** The memories that a task made. */
function Stored({ task }: { task: Task }) {
  const queries = useQueryClient();
  const [items, setItems] = useState<Item[]>([]);
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ["users"] });
    const ids = (task.receipts ?? []).filter(({ outcome }) => outcome !== "dropped").map(({ memory_id }) => memory_id);
    const wanted = [...new Set(ids)].slice(0, MOST_STORED);
    void Promise.allSettled(wanted.map((id) => get<WholeMemory>(`console/memory/${id}`))).then((answers) =>
      setItems(answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.memory] : []))),
    );
  }, [queries, task.receipts]);
  return (
    <Grid columns={{ initial: "1", sm: "2" }} gap="3">
      {items.map((item) => (
        <MemoryCard key={item.id} item={item} />
      ))}
    </Grid>
  );
}

function AddText({ owner }: { owner: Owner }) {
  const t = useWords();
  const [text, setText] = useState("");
  const { add, busy, tasks } = useAdd(owner);
  const send = async () => {
    if (await add([{ role: "user", content: text.trim() }])) setText("");
  };
  return (
    <Flex direction="column" gap="4">
      <Section title={t.playground.tabs.add}>
        <Flex direction="column" gap="3">
          <TextArea
            aria-label={t.playground.text}
            size="3"
            rows={5}
            placeholder={t.playground.textHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Flex justify="end">
            <Button loading={busy} disabled={!text.trim()} onClick={() => void send()}>
              {t.playground.add}
            </Button>
          </Flex>
        </Flex>
      </Section>
      <Begun tasks={tasks} />
    </Flex>
  );
}

const asDataUrl = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });

async function part(file: File): Promise<object> {
  const data = await asDataUrl(file);
  return file.type.startsWith("image/")
    ? { type: "image_url", image_url: { url: data } }
    : { type: "file", file: { file_data: data, filename: file.name } };
}

function AddFiles({ owner }: { owner: Owner }) {
  const t = useWords();
  const { fail } = useNotes();
  const { add, busy, tasks } = useAdd(owner);
  const send = async (files: File[]) => {
    try {
      for (const file of files) await add([{ role: "user", content: [await part(file)] }]);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Flex direction="column" gap="4">
      <Section title={t.playground.tabs.files}>
        <DropFiles busy={busy} onFiles={(files) => void send(files)} />
      </Section>
      <Begun tasks={tasks} />
    </Flex>
  );
}

const SPEAKER = /^\s*(user|assistant|system|用户|助手)\s*[:：]\s*/i;
const ROLES: Record<string, string> = { 用户: "user", 助手: "assistant" };

/** Lines that begin with a speaker begin a message, others go on with the one before. */
export function readTalk(text: string): { role: string; content: string }[] {
  const messages: { role: string; content: string }[] = [];
  for (const line of text.split("\n")) {
    const speaker = SPEAKER.exec(line)?.[1];
    if (speaker) {
      const role = ROLES[speaker] ?? speaker.toLowerCase();
      messages.push({ role, content: line.replace(SPEAKER, "") });
    } else if (messages.length && line.trim()) {
      messages[messages.length - 1]!.content += `\n${line}`;
    }
  }
  return messages.filter(({ content }) => content.trim());
}

function Paste({ owner }: { owner: Owner }) {
  const t = useWords();
  const { fail } = useNotes();
  const [text, setText] = useState("");
  const { add, busy, tasks } = useAdd(owner);
  const send = async () => {
    const messages = readTalk(text);
    if (!messages.length) fail(new Error(t.playground.noMessages));
    else if (await add(messages)) setText("");
  };
  return (
    <Flex direction="column" gap="4">
      <Section title={t.playground.tabs.paste} about={t.playground.pasteAbout}>
        <Flex direction="column" gap="3">
          <TextArea
            aria-label={t.playground.tabs.paste}
            size="3"
            rows={8}
            placeholder={t.playground.pasteHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Flex justify="end">
            <Button loading={busy} disabled={!text.trim()} onClick={() => void send()}>
              {t.playground.add}
            </Button>
          </Flex>
        </Flex>
      </Section>
      <Begun tasks={tasks} />
    </Flex>
  );
}

function Preview() {
  const t = useWords();
  const { fail } = useNotes();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Extracted | null>(null);
  const extract = async () => {
    setBusy(true);
    const messages = readTalk(text);
    try {
      setResult(
        await post<Extracted>("extract/memory", {
          messages: messages.length ? messages : [{ role: "user", content: text.trim() }],
        }),
      );
    } catch (error) {
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Grid columns={{ initial: "1", md: "2" }} gap="4">
      <Section title={t.playground.tabs.preview} about={t.playground.previewAbout}>
        <Flex direction="column" gap="3">
          <TextArea
            aria-label={t.playground.tabs.preview}
            size="3"
            rows={8}
            placeholder={t.playground.pasteHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Flex justify="end">
            <Button loading={busy} disabled={!text.trim()} onClick={() => void extract()}>
              {t.playground.preview}
            </Button>
          </Flex>
        </Flex>
      </Section>
      {result && <PreviewResult title={t.playground.stored} result={result} />}
    </Grid>
  );
}

export function PreviewResult({ title, result }: { title: string; result: Extracted }) {
  const t = useWords();
  const nothing = !result.memory_detail_list.length && !result.preference_detail_list.length;
  return (
    <Section title={title}>
      {nothing && <Text color="gray">{t.playground.previewNothing}</Text>}
      <ul className="plain-list">
        {result.memory_detail_list.map((fact) => (
          <li key={fact.memory_value}>
            <KindBadge kind="fact" />
            <span className="grow wrap">{fact.memory_value}</span>
            {fact.tags.slice(0, 2).map((tag) => (
              <Badge key={tag} color="gray" highContrast>
                {tag}
              </Badge>
            ))}
          </li>
        ))}
        {result.preference_detail_list.map((preference) => (
          <li key={preference.preference}>
            <KindBadge kind="preference" />
            <span className="grow wrap">
              {preference.preference}
              <Text as="div" size="2" color="gray">
                {preference.reasoning}
              </Text>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
