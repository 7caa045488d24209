import { Button, Flex, IconButton, Text, TextField } from "@radix-ui/themes";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Brain, Search as Lens, Tag, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import { post } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Choice, Pager, Threshold } from "../../parts/controls";
import { Items } from "../../parts/items";
import { Empty, Shown } from "../../parts/states";
import { useKept } from "../../parts/useKept";
import { KINDS, LISTS, type ByKind, type Found, type Kind, type Page } from "../../types";

const PAGE_SIZE = 24;

/** Which kinds a request asks for; facts always come. */
export const only = (kind: Kind) => ({
  include_preference: kind === "preference",
  include_tool_memory: kind === "tool",
  include_skill: kind === "skill",
});

interface Look {
  kind: Kind;
  view: "cards" | "table";
  page: number;
  tag: string;
  question: string;
}

const FIRST_LOOK: Look = { kind: "fact", view: "cards", page: 1, tag: "", question: "" };

interface MemoriesProps {
  user: string;
  counts: ByKind;
}

export function Memories({ user, counts }: MemoriesProps) {
  const t = useWords();
  const format = useFormat();
  const [look, setLook] = useKept(`memories of ${user}`, FIRST_LOOK);
  const { kind, view, page, tag, question } = look;
  const change = (part: Partial<Look>) => setLook((before) => ({ ...before, page: 1, ...part }));
  const show = { view, onTag: (chosen: string) => change({ tag: chosen }) };
  return (
    <Flex direction="column" gap="4">
      <Flex gap="3" wrap="wrap" justify="between" align="center">
        <Choice
          label={t.user.kind}
          value={kind}
          onChange={(chosen) => change({ kind: chosen })}
          options={KINDS.map((each) => [each, `${t.kindsMany[each]} ${format.number(counts[each] ?? 0)}`] as const)}
        />
        <Choice
          label={t.user.view}
          value={view}
          onChange={(chosen) => change({ view: chosen, page })}
          options={[
            ["cards", t.user.cards],
            ["table", t.user.table],
          ]}
        />
      </Flex>
      <SearchBar question={question} onSearch={(text) => change({ question: text })} />
      {tag && (
        <div>
          <Button
            size="1"
            variant="soft"
            highContrast
            aria-label={t.user.clearTag(tag)}
            onClick={() => change({ tag: "" })}
          >
            <Tag size={12} aria-hidden /> {tag} <X size={12} aria-hidden />
          </Button>
        </div>
      )}
      {question ? (
        <Matches user={user} kind={kind} question={question} tag={tag} {...show} />
      ) : (
        <PageOfMemories user={user} kind={kind} page={page} tag={tag} onPage={(chosen) => change({ page: chosen })} {...show} />
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

function PageOfMemories({
  user,
  kind,
  page,
  tag,
  onPage,
  ...show
}: ListProps & { page: number; onPage: (page: number) => void }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["memories", user, kind, page, tag],
    queryFn: ({ signal }) =>
      post<Page>(
        "get/memory",
        { user_id: user, page, size: PAGE_SIZE, ...only(kind), ...tagFilter(tag) },
        signal,
      ),
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
