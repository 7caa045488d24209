/** Who is remembered, and whom the pages are about. */

import { TextField } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { get } from "../api";
import { useWords } from "../i18n";
import type { UserCounts } from "../types";
import { Labelled } from "./controls";

const USER = "souvenir.user";

/** The user that was last worked with, in all pages. */
export function useUser(): [string, (user: string) => void] {
  const [user, setUser] = useState(() => sessionStorage.getItem(USER) ?? "");
  const { data } = useUsers();
  const first = data?.[0]?.user_id;
  useEffect(() => {
    if (!user && first) setUser(first);
  }, [user, first]);
  return [
    user,
    (chosen) => {
      sessionStorage.setItem(USER, chosen);
      setUser(chosen);
    },
  ];
}

export const useUsers = () =>
  useQuery({ queryKey: ["users"], queryFn: ({ signal }) => get<UserCounts[]>("console/users", signal) });

interface UserFieldProps {
  user: string;
  onChange: (user: string) => void;
  /** Where there are several. */
  label?: string;
}

/** A user's name, with those that exist to choose from. */
export function UserField({ user, onChange, label }: UserFieldProps) {
  const t = useWords();
  const { data = [] } = useUsers();
  const list = useId();
  return (
    <Labelled label={label ?? t.common.user}>
      <TextField.Root
        value={user}
        list={list}
        maxLength={100}
        placeholder={t.common.userHint}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      >
        <TextField.Slot>
          <UserRound size={16} aria-hidden />
        </TextField.Slot>
      </TextField.Root>
      <datalist id={list}>
        {data.slice(0, 200).map((each) => (
          <option key={each.user_id} value={each.user_id} />
        ))}
      </datalist>
    </Labelled>
  );
}
