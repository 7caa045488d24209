import { Badge, Button, Card, Flex, Grid, IconButton, Table, Tabs, Text, TextField } from "@radix-ui/themes";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Archive, Brain, MessageSquare, Search as Lens, Tag, Trash2, X } from "lucide-react";
import { lazy, Suspense, useState, type FormEvent } from "react";
import { Link, useLocation } from "wouter";
import { post } from "../api";
import { useFormat, useWords } from "../i18n";
import { useNotes } from "../parts/notes";
import {
  Ago,
  Choice,
  Confirm,
  KindBadge,
  PageHead,
  Pager,
  Relevance,
  textOf,
  Threshold,
  titleOf,
  useUsers,
} from "../parts/pieces";
import { Empty, Loading, Shown } from "../parts/states";
import { KINDS, LISTS, type Found, type Item, type Kind, type Message, type Page } from "../types";
import { sum } from "./Home";

const MemoryMap = lazy(() => import("./MemoryMap"));
const PAGE_SIZE = 24;

export default function User({ user }: { user: string }) {
  const t = useWords();
  const { say, fail } = useNotes();
  const users = useUsers();
  const [, go] = useLocation();
  const counts = users.data?.find((each) => each.user_id === user)?.counts ?? {};
  const deleteAll = async () => {
    try {
      await post("delete/memory", { user_id: user });
      say(t.memory.deleted);
      await users.refetch();
      go("/users");
    } catch (error) {
      fail(error);
    }
  };
  return (
    <>
      <PageHead title={user} lead={t.common.memories(sum(counts))}>
        <Confirm
          title={t.user.deleteAllTitle(user)}
          text={t.user.deleteAllText}
          action={t.user.deleteAll}
          onConfirm={() => void deleteAll()}
        >
          <Button variant="soft" color="red" highContrast>
            <Trash2 size={16} aria-hidden />
            {t.user.deleteAll}
          </Button>
        </Confirm>
      </PageHead>
      <Tabs.Root defaultValue="memories">
        <Tabs.List highContrast className="scrolling">
          {(["memories", "timeline", "map", "archived", "messages"] as const).map((tab) => (
            <Tabs.Trigger key={tab} value={tab}>
              {t.user.tabs[tab]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="memories" className="tab">
          <Memories user={user} />
        </Tabs.Content>
        <Tabs.Content value="timeline" className="tab">
          <Timeline user={user} />
        </Tabs.Content>
        <Tabs.Content value="map" className="tab">
          <Suspense fallback={<Loading />}>
            <MemoryMap user={user} />
          </Suspense>
        </Tabs.Content>
        <Tabs.Content value="archived" className="tab">
          <Archived user={user} />
        </Tabs.Content>
        <Tabs.Content value="messages" className="tab">
          <Messages user={user} />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}

/** Which kinds a request asks for; facts always come. */
const only = (kind: Kind) => ({
  include_preference: kind === "preference",
  include_tool_memory: kind === "tool",
  include_skill: kind === "skill",
});

function Memories({ user }: { user: string }) {
  const t = useWords();
  const [kind, setKind] = useState<Kind>("fact");
  const [view, setView] = useState<"cards" | "table">("cards");
  const [page, setPage] = useState(1);
  const [tag, setTag] = useState("");
  const [question, setQuestion] = useState("");
  const choose = (chosen: Kind) => {
    setKind(chosen);
    setPage(1);
  };
  const show = { view, onTag: (chosen: string) => (setTag(chosen), setPage(1)) };
  return (
    <Flex direction="column" gap="4">
      <Flex gap="3" wrap="wrap" justify="between" align="center">
        <Choice
          label={t.user.kind}
          value={kind}
          onChange={choose}
          options={KINDS.map((each) => [each, t.kindsMany[each]] as const)}
        />
        <Choice
          label={t.user.view}
          value={view}
          onChange={setView}
          options={[
            ["cards", t.user.cards],
            ["table", t.user.table],
          ]}
        />
      </Flex>
      <SearchBar question={question} onSearch={setQuestion} />
      {tag && (
        <div>
          <Button size="1" variant="soft" highContrast aria-label={t.user.clearTag(tag)} onClick={() => setTag("")}>
            <Tag size={12} aria-hidden /> {tag} <X size={12} aria-hidden />
          </Button>
        </div>
      )}
      {question ? (
        <Matches user={user} kind={kind} question={question} tag={tag} {...show} />
      ) : (
        <PageOfMemories user={user} kind={kind} page={page} tag={tag} onPage={setPage} {...show} />
      )}
    </Flex>
  );
}

function SearchBar({ question, onSearch }: { question: string; onSearch: (question: string) => void }) {
  const t = useWords();
  const [text, setText] = useState(question);
  const search = (event: FormEvent) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return (
    <form onSubmit={search} role="search">
      <TextField.Root
        size="3"
        aria-label={t.user.search}
        placeholder={t.user.search}
        value={text}
        onChange={(event) => setText(event.target.value)}
      >
        <TextField.Slot>
          <Lens size={18} aria-hidden />
        </TextField.Slot>
        {question && (
          <TextField.Slot>
            <IconButton
              type="button"
              size="1"
              variant="ghost"
              color="gray"
              highContrast
              aria-label={t.user.clear}
              onClick={() => (setText(""), onSearch(""))}
            >
              <X size={16} />
            </IconButton>
          </TextField.Slot>
        )}
      </TextField.Root>
    </form>
  );
}

interface ListProps {
  user: string;
  kind: Kind;
  tag: string;
  view: "cards" | "table";
  onTag: (tag: string) => void;
}

const tagFilter = (tag: string) => (tag ? { filter: { and: [{ tags: { contains: tag } }] } } : {});

function PageOfMemories({ user, kind, page, tag, onPage, ...show }: ListProps & { page: number; onPage: (page: number) => void }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["memories", user, kind, page, tag],
    queryFn: ({ signal }) =>
      post<Page>("get/memory", { user_id: user, page, size: PAGE_SIZE, ...only(kind), ...tagFilter(tag) }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Shown query={query}>
      {(found) =>
        found[LISTS[kind]].length === 0 ? (
          <Empty title={t.user.empty} hint={t.kindsAbout[kind]} icon={Brain} />
        ) : (
          <div>
            <Items items={found[LISTS[kind]]} {...show} />
            <Pager page={page} pages={found.pages} onPage={onPage} />
          </div>
        )
      }
    </Shown>
  );
}

function Matches({ user, kind, question, tag, ...show }: ListProps & { question: string }) {
  const t = useWords();
  const format = useFormat();
  const [least, setLeast] = useState(0.3);
  const query = useQuery({
    queryKey: ["matches", user, kind, question, tag],
    queryFn: ({ signal }) =>
      post<Found>(
        "search/memory",
        {
          user_id: user,
          query: question,
          relativity: 0,
          memory_limit_number: kind === "fact" ? 25 : 0,
          preference_limit_number: 25,
          tool_memory_limit_number: 25,
          skill_limit_number: 25,
          ...only(kind),
          ...tagFilter(tag),
        },
        signal,
      ),
  });
  return (
    <Shown query={query}>
      {(found) => {
        const good = found[LISTS[kind]].filter((item) => (item.relativity ?? 0) >= least);
        return (
          <Flex direction="column" gap="4">
            <Flex align="center" gap="3" className="threshold">
              <Text size="2" color="gray">
                {t.user.relativity} <span className="figure">{format.number(least, 2)}</span>
              </Text>
              <Threshold label={t.user.relativityAbout} value={least} onChange={setLeast} />
            </Flex>
            {good.length ? <Items items={good} {...show} /> : <Empty title={t.user.noMatch} icon={Lens} />}
          </Flex>
        );
      }}
    </Shown>
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

/** Memories of all kinds, the newest first. */
const mixed = (found: Page): { kind: Kind; item: Item }[] =>
  KINDS.flatMap((kind) => found[LISTS[kind]].map((item) => ({ kind, item }))).sort(
    (one, other) => other.item.create_time - one.item.create_time,
  );

function Timeline({ user }: { user: string }) {
  const t = useWords();
  const format = useFormat();
  const [page, setPage] = useState(1);
  const query = useQuery({
    queryKey: ["timeline", user, page],
    queryFn: ({ signal }) => post<Page>("get/memory", { user_id: user, page, size: 50 }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Shown query={query}>
      {(found) => {
        const days = Object.entries(Object.groupBy(mixed(found), ({ item }) => format.day(item.create_time)));
        if (!days.length) return <Empty title={t.user.timelineEmpty} icon={Brain} />;
        return (
          <div className="timeline">
            {days.map(([day, entries]) => (
              <section key={day}>
                <h2 className="day">{day}</h2>
                <ol>
                  {entries?.map(({ kind, item }) => (
                    <li key={item.id} data-kind={kind}>
                      <KindBadge kind={kind} />
                      <Link href={`/memories/${item.id}`} className="grow wrap">
                        {textOf(item)}
                      </Link>
                    </li>
                  ))}
                </ol>
              </section>
            ))}
            <Pager page={page} pages={found.pages} onPage={setPage} />
          </div>
        );
      }}
    </Shown>
  );
}

function Archived({ user }: { user: string }) {
  const t = useWords();
  const [page, setPage] = useState(1);
  const query = useQuery({
    queryKey: ["archived", user, page],
    queryFn: ({ signal }) => post<Page>("get/memory", { user_id: user, status: "archived", page, size: 50 }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Shown query={query}>
      {(found) => {
        const items = mixed(found);
        if (!items.length) return <Empty title={t.user.archivedEmpty} hint={t.user.archivedHint} icon={Archive} />;
        return (
          <>
            <Grid columns={{ initial: "1", sm: "2", lg: "3" }} gap="3">
              {items.map(({ item }) => (
                <MemoryCard key={item.id} item={item} />
              ))}
            </Grid>
            <Pager page={page} pages={found.pages} onPage={setPage} />
          </>
        );
      }}
    </Shown>
  );
}

function Messages({ user }: { user: string }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["messages", user],
    queryFn: ({ signal }) =>
      post<{ message_detail_list: Message[] }>(
        "get/message",
        { user_id: user, message_limit_number: 50, conversation_limit_number: 50 },
        signal,
      ),
  });
  return (
    <Shown query={query}>
      {({ message_detail_list: messages }) =>
        messages.length === 0 ? (
          <Empty title={t.user.messagesEmpty} icon={MessageSquare} />
        ) : (
          <ol className="talk">
            {messages.map((message, index) => (
              <li key={index} data-role={message.role}>
                <Text as="div" size="1" color="gray">
                  {t.memory.roles[message.role] ?? message.role} · {message.create_time}
                </Text>
                <span className="wrap">{contentText(message.content)}</span>
              </li>
            ))}
          </ol>
        )
      }
    </Shown>
  );
}

/** The words of a message; of a part that is no text, its type. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (part?.type === "text" ? part.text : `[${part?.type ?? "?"}]`)).join(" ");
}
