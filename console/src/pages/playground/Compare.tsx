import { Button, Card, Flex, Grid, IconButton, Text } from "@radix-ui/themes";
import { UserPlus, X } from "lucide-react";
import { useState } from "react";
import { useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { UserField, useUsers } from "../../parts/users";
import { AskForm } from "./AskForm";
import { Recalled } from "./Recalled";
import { ask, begun, type Owner, type Turn } from "./talk";
import "../../styles/talk.css";

const MOST_USERS = 4;

interface CompareProps {
  owner: Owner;
  onUser: (user: string) => void;
}

/** One question, put to several users at once. */
export function Compare({ owner, onUser }: CompareProps) {
  const t = useWords();
  const { users, change, add, remove } = useCompared(owner, onUser);
  const { turns, put, leave } = useTurns(users, owner.conversation_id);
  return (
    <Flex direction="column" gap="4">
      <Section
        title={t.playground.tabs.compare}
        about={t.playground.compareAbout}
        side={
          <Button
            variant="soft"
            color="gray"
            highContrast
            disabled={users.length >= MOST_USERS}
            onClick={add}
          >
            <UserPlus size={16} aria-hidden />
            {t.playground.addUser}
          </Button>
        }
      >
        <AskForm
          label={t.playground.compareQuestion}
          hint={t.search.questionHint}
          busy={leave !== null}
          onAsk={put}
          onStop={() => leave?.abort()}
        />
      </Section>
      <Grid columns={{ initial: "1", sm: "2", lg: String(Math.max(2, users.length)) }} gap="4" align="start">
        {users.map((user, place) => (
          <Lane
            key={place}
            label={t.playground.userNumber(place + 1)}
            user={user}
            turn={turns[user.trim()]}
            onUser={(name) => change(place, name)}
            onRemove={users.length > 2 ? () => remove(place) : undefined}
          />
        ))}
      </Grid>
    </Flex>
  );
}

/** The user of the page first, and the others; at the beginning somebody else who is remembered. */
function useCompared({ user_id: first }: Owner, onUser: (user: string) => void) {
  const { data = [] } = useUsers();
  const [chosen, setChosen] = useState<string[] | null>(null);
  const others = chosen ?? [data.find(({ user_id }) => user_id !== first)?.user_id ?? ""];
  const users = [first, ...others];
  return {
    users,
    change: (place: number, name: string) =>
      place === 0
        ? onUser(name)
        : setChosen(others.map((user, index) => (index === place - 1 ? name : user))),
    add: () => setChosen([...others, data.find(({ user_id }) => !users.includes(user_id))?.user_id ?? ""]),
    remove: (place: number) => {
      if (place === 0) onUser(others[0] ?? "");
      setChosen(others.filter((_, index) => index !== Math.max(0, place - 1)));
    },
  };
}

/** What each user's memory makes of the latest question, by their names; nothing of it is remembered. */
function useTurns(users: string[], conversation: string) {
  const t = useWords();
  const { fail } = useNotes();
  const [turns, setTurns] = useState<Record<string, Turn>>({});
  const [leave, setLeave] = useState<AbortController | null>(null);
  const put = (question: string): boolean => {
    const names = [...new Set(users.map((user) => user.trim()))];
    if (!names.every(Boolean)) {
      fail(new Error(t.playground.needsUser));
      return false;
    }
    const stop = new AbortController();
    setLeave(stop);
    setTurns(Object.fromEntries(names.map((name) => [name, begun(question)])));
    const asked = names.map((name) =>
      ask({ user_id: name, conversation_id: conversation }, question, {
        remember: false,
        signal: stop.signal,
        onChange: (part) =>
          setTurns((before) => {
            const turn = before[name];
            return turn ? { ...before, [name]: { ...turn, ...part(turn) } } : before;
          }),
      }).catch((error: unknown) => stop.signal.aborted || fail(error)),
    );
    void Promise.all(asked).finally(() => setLeave(null));
    return true;
  };
  return { turns, put, leave };
}

interface LaneProps {
  label: string;
  user: string;
  turn: Turn | undefined;
  onUser: (user: string) => void;
  onRemove?: () => void;
}

function Lane({ label, user, turn, onUser, onRemove }: LaneProps) {
  const t = useWords();
  return (
    <Card size="2">
      <Flex direction="column" gap="3">
        <Flex gap="2" align="end">
          <div className="grow">
            <UserField label={label} user={user} onChange={onUser} />
          </div>
          {onRemove && (
            <IconButton
              variant="soft"
              color="gray"
              highContrast
              aria-label={t.playground.removeUser(user || label)}
              onClick={onRemove}
            >
              <X size={16} />
            </IconButton>
          )}
        </Flex>
        {turn && (
          <div className="lane-answer wrap pre" aria-live="polite">
            {turn.answer || `${t.playground.thinking} …`}
          </div>
        )}
        <Text size="2" weight="medium">
          {t.playground.recalled}
        </Text>
        <Recalled recalled={turn?.recalled} />
      </Flex>
    </Card>
  );
}
