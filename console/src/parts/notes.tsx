/** Short notes of what was done, at the edge of the page; read out by screen readers. */

import { Theme } from "@radix-ui/themes";
import { Toast } from "radix-ui";
import { createContext, useCallback, useContext, useState, type ReactNode } from "react";
import { useWords } from "../i18n";
import { problemText } from "./problem";

interface Note {
  id: number;
  text: string;
  bad: boolean;
}

interface Notes {
  say: (text: string) => void;
  fail: (error: unknown) => void;
}

const Context = createContext<Notes>({ say: () => undefined, fail: () => undefined });

export const useNotes = (): Notes => useContext(Context);

let last = 0;

export function NotesProvider({ children }: { children: ReactNode }) {
  const t = useWords();
  const [notes, setNotes] = useState<Note[]>([]);
  const add = useCallback((text: string, bad: boolean) => {
    last += 1;
    setNotes((before) => [...before.slice(-2), { id: last, text, bad }]);
  }, []);
  const say = useCallback((text: string) => add(text, false), [add]);
  const fail = useCallback((error: unknown) => add(problemText(error, t), true), [add, t]);
  const remove = (id: number) => setNotes((before) => before.filter((note) => note.id !== id));
  return (
    <Context.Provider value={{ say, fail }}>
      <Toast.Provider duration={5000} label="Souvenir">
        {children}
        {notes.map((note) => (
          <Toast.Root key={note.id} className="note" data-bad={note.bad} onOpenChange={() => remove(note.id)}>
            <Toast.Description>{note.text}</Toast.Description>
          </Toast.Root>
        ))}
        <Theme asChild>
          <Toast.Viewport className="notes" />
        </Theme>
      </Toast.Provider>
    </Context.Provider>
  );
}
