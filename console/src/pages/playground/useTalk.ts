import { useState } from "react";
import { useWords } from "../../i18n";
import { useNotes } from "../../parts/notes";
import { useKept } from "../../parts/useKept";
import { ask, begun, type Owner, type Turn } from "./talk";

/** The turns so far, what begins the next one, and what breaks off the one that is under way. */
export function useTalk(owner: Owner, remember: boolean) {
  const t = useWords();
  const { fail } = useNotes();
  const [turns, setTurns] = useKept<Turn[]>(`talk ${owner.user_id} ${owner.conversation_id}`, []);
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
