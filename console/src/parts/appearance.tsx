/** Light or dark: as chosen, or as the system has it. */

import { Theme } from "@radix-ui/themes";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

export type Choice = "light" | "dark" | "system";
const CHOICE = "souvenir.appearance";
const DARK = "(prefers-color-scheme: dark)";

interface Appearance {
  choice: Choice;
  dark: boolean;
  choose: (choice: Choice) => void;
}

const Context = createContext<Appearance>({ choice: "system", dark: false, choose: () => undefined });

export const useAppearance = (): Appearance => useContext(Context);

function stored(): Choice {
  const choice = localStorage.getItem(CHOICE);
  return choice === "light" || choice === "dark" ? choice : "system";
}

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState(stored);
  const [systemDark, setSystemDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const media = matchMedia(DARK);
    const changed = () => setSystemDark(media.matches);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  const dark = choice === "system" ? systemDark : choice === "dark";
  const value = useMemo(
    () => ({
      choice,
      dark,
      choose: (chosen: Choice) => {
        localStorage.setItem(CHOICE, chosen);
        setChoice(chosen);
      },
    }),
    [choice, dark],
  );
  return (
    <Context.Provider value={value}>
      <Theme
        accentColor="iris"
        grayColor="slate"
        radius="large"
        panelBackground="solid"
        appearance={dark ? "dark" : "light"}
      >
        {children}
      </Theme>
    </Context.Provider>
  );
}
