/** The language of the console: the one chosen, or the browser's. */

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Words } from "./en";

export type Language = "en" | "zh";
const LANGUAGE = "souvenir.language";

interface Locale {
  language: Language;
  t: Words;
  choose: (language: Language) => void;
}

/** Only the language that is read comes over the wire. */
const LOADERS: Record<Language, () => Promise<Words>> = {
  en: () => import("./en").then(({ en }) => en),
  zh: () => import("./zh").then(({ zh }) => zh),
};

const Context = createContext<Locale | null>(null);

export function useLocale(): Locale {
  const locale = useContext(Context);
  if (!locale) throw new Error("outside of LocaleProvider");
  return locale;
}

export const useWords = (): Words => useLocale().t;

function preferred(): Language {
  const chosen = localStorage.getItem(LANGUAGE);
  if (chosen === "en" || chosen === "zh") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

const remember = (choose: (language: Language) => void) => (language: Language) => {
  localStorage.setItem(LANGUAGE, language);
  choose(language);
};

export function LocaleProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState(preferred);
  const [loaded, setLoaded] = useState<{ language: Language; t: Words } | null>(null);
  useEffect(() => {
    let left = false;
    void LOADERS[wanted]().then((t) => {
      if (left) return;
      document.documentElement.lang = wanted === "zh" ? "zh-CN" : "en";
      setLoaded({ language: wanted, t });
    });
    return () => {
      left = true;
    };
  }, [wanted]);
  const locale = useMemo(() => loaded && { ...loaded, choose: remember(setWanted) }, [loaded]);
  return locale && <Context.Provider value={locale}>{children}</Context.Provider>;
}

export interface Format {
  /** With exactly so many digits behind the point, so that columns can be read downwards. */
  number: (value: number, digits?: number) => string;
  /** `currency` as ISO 4217 has it; parts of a cent too, since tokens are cheap. */
  money: (value: number, currency: string) => string;
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

const PARTS_OF_MONEY = 5;

/** Numbers and times as the language writes them. */
export function useFormat(): Format {
  const { language, t } = useLocale();
  return useMemo(() => {
    const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
    const day = new Intl.DateTimeFormat(language, { dateStyle: "full" });
    const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    return {
      number: (value, digits = 0) =>
        value.toLocaleString(language, {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        }),
      money: (value, currency) =>
        value.toLocaleString(language, {
          style: "currency",
          currency,
          maximumFractionDigits: PARTS_OF_MONEY,
        }),
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
