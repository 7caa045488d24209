import { Dialog } from "@radix-ui/themes";
import { Command } from "cmdk";
import { BrainCircuit, Languages, ListChecks, LogOut, UserRound, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { storeKey } from "../../api";
import { useLocale, useWords } from "../../i18n";
import { useAppearance } from "../appearance";
import { useUsers } from "../users";
import { PAGES } from "./navigation";
import { THEMES } from "./themes";
import "../../styles/palette.css";

const OPERATIONS = ["requests", "models", "queues", "webhooks", "settings"] as const;
const ADMINISTRATION = ["keys", "audit", "quotas", "backup"] as const;
const MOST_USERS = 8;
/** Ids of memories and tasks. */
const ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

interface Entry {
  name: string;
  icon: LucideIcon;
  act: () => void;
}

/** Where to go and what to switch, found by typing a part of its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [typed, setTyped] = useState("");
  const groups = useGroups(typed.trim());
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Content className="palette" maxWidth="520px" align="start" aria-describedby={undefined}>
        <Dialog.Title className="visually-hidden">{t.palette.open}</Dialog.Title>
        <Command label={t.palette.open} loop>
          <Command.Input autoFocus value={typed} placeholder={t.palette.hint} onValueChange={setTyped} />
          <Command.List label={t.palette.found}>
            <Command.Empty>{t.palette.nothing}</Command.Empty>
            {groups.map(([title, entries]) => (
              <Command.Group key={title} heading={title}>
                {entries.map(({ name, icon: Icon, act }) => (
                  <Command.Item key={name} value={`${title} ${name}`} onSelect={() => (onClose(), act())}>
                    <Icon size={16} aria-hidden />
                    <span className="wrap">{name}</span>
                  </Command.Item>
                ))}
              </Command.Group>
            ))}
          </Command.List>
        </Command>
      </Dialog.Content>
    </Dialog.Root>
  );
}

/** What there is to choose, by groups; what is typed decides on users and ids. */
function useGroups(typed: string): [title: string, entries: Entry[]][] {
  const t = useWords();
  const [, go] = useLocation();
  const settings = usePreferences();
  const { data = [] } = useUsers();
  const users = data
    .filter(({ user_id }) => user_id.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, MOST_USERS)
    .map(({ user_id }) => ({
      name: user_id,
      icon: UserRound,
      act: () => go(`/users/${encodeURIComponent(user_id)}`),
    }));
  const ids: Entry[] = [
    { name: `${t.memory.title} ${typed}`, icon: BrainCircuit, act: () => go(`/memories/${typed}`) },
    { name: `${t.tasks.title1} ${typed}`, icon: ListChecks, act: () => go(`/tasks/${typed}`) },
  ];
  const groups: [string, Entry[]][] = [
    [t.palette.ids, ID.test(typed) ? ids : []],
    [t.nav.label, usePageEntries()],
    [t.palette.users, users],
    [t.palette.preferences, settings],
  ];
  return groups.filter(([, entries]) => entries.length);
}

function usePageEntries(): Entry[] {
  const t = useWords();
  const [, go] = useLocation();
  return PAGES.flatMap(([path, name, icon]): Entry[] => {
    const parts: [string, string][] =
      name === "operations"
        ? OPERATIONS.map((tab) => [tab, t.operations.tabs[tab]])
        : name === "administration"
          ? ADMINISTRATION.map((tab) => [tab, t.administration.tabs[tab]])
          : [];
    if (!parts.length) return [{ name: t.nav[name], icon, act: () => go(path) }];
    return parts.map(([tab, text]) => ({
      name: `${t.nav[name]}: ${text}`,
      icon,
      act: () => go(`${path}/${tab}`),
    }));
  });
}

function usePreferences(): Entry[] {
  const { t, language, choose } = useLocale();
  const appearance = useAppearance();
  return [
    { name: t.nav.languageLabel, icon: Languages, act: () => choose(language === "en" ? "zh" : "en") },
    ...THEMES.map(([value, icon]) => ({
      name: `${t.nav.theme}: ${t.nav[value]}`,
      icon,
      act: () => appearance.choose(value),
    })),
    { name: t.nav.signOut, icon: LogOut, act: () => storeKey("") },
  ];
}
