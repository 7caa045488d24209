/** The language of the console: the one chosen, or the browser's. */

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { en, type Words } from "./en";
import { zh } from "./zh";

export type Language = "en" | "zh";
const LANGUAGE = "souvenir.language";

interface Locale {
  language: Language;
  t: Words;
  choose: (language: Language) => void;
}

const Context = createContext<Locale>({ language: "en", t: en, choose: () => undefined });

export const useLocale = (): Locale => useContext(Context);
export const useWords = (): Words => useLocale().t;

function preferred(): Language {
  const chosen = localStorage.getItem(LANGUAGE);
  if (chosen === "en" || chosen === "zh") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function LocaleProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(preferred);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const locale = useMemo(
    () => ({
      language,
      t: language === "zh" ? zh : en,
      choose: (chosen: Language) => {
        localStorage.setItem(LANGUAGE, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <Context.Provider value={locale}>{children}</Context.Provider>;
}

export interface Format {
  number: (value: number, digits?: number) => string;
  time: (at: number) => string;
  day: (at: number) => string;
  ago: (at: number) => string;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** Numbers and times as the language writes them. */
export function useFormat(): Format {
  const { language, t } = useLocale();
  return useMemo(() => {
    const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
    const day = new Intl.DateTimeFormat(language, { dateStyle: "full" });
    const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    return {
      number: (value, digits = 0) => value.toLocaleString(language, { maximumFractionDigits: digits }),
      time: (at) => time.format(at),
      day: (at) => day.format(at),
      ago: (at) => {
        const seconds = (at - Date.now()) / 1000;
        const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size);
        return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : t.common.justNow;
      },
    };
  }, [language, t]);
}
