import { useQuery } from "@tanstack/react-query";
import { post } from "../api";
import type { Item, Page } from "../types";
import { mixed } from "./itemTexts";

/** As many as one page of each kind holds. */
const MOST = 50;

/** A user's memories by their ids; those that are archived or gone are left out. */
export function useMemoriesById(user: string, ids: readonly string[]) {
  const wanted = [...new Set(ids)].slice(0, MOST);
  return useQuery({
    queryKey: ["memories by id", user, wanted],
    enabled: Boolean(user && wanted.length),
    queryFn: ({ signal }) =>
      post<Page>(
        "get/memory",
        { user_id: user, size: MOST, filter: { and: [{ id: { in: wanted } }] } },
        signal,
      ),
    select: (found): Item[] => mixed(found).map(({ item }) => item),
  });
}
