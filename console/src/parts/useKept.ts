import { useQuery, useQueryClient } from "@tanstack/react-query";

type Change<T> = T | ((before: T) => T);

/** State that outlives the page: whoever comes back finds it as it was, until the tab is closed or the key is changed. */
export function useKept<T>(name: string, initial: T): [T, (change: Change<T>) => void] {
  const queries = useQueryClient();
  const queryKey = ["kept", name];
  const { data = initial } = useQuery<T>({
    queryKey,
    queryFn: () => initial,
    initialData: initial,
    enabled: false,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const set = (change: Change<T>) =>
    queries.setQueryData<T>(queryKey, (before = initial) =>
      typeof change === "function" ? (change as (before: T) => T)(before) : change,
    );
  return [data, set];
}
