import { useQuery } from "@tanstack/react-query";
import { every, get } from "../api";
import type { Overview } from "../types";

/** How the system does, asked again every five seconds. */
export const useOverview = () =>
  useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => get<Overview>("console/overview", signal),
    refetchInterval: every(5_000),
  });
