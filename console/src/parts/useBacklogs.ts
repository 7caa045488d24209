import { useQuery } from "@tanstack/react-query";
import { every, get } from "../api";
import type { Backlogs } from "../types";

/** What waits for workers. `pause`: milliseconds after which it is asked again; once without. */
export const useBacklogs = (pause?: number) =>
  useQuery({
    queryKey: ["queues"],
    queryFn: ({ signal }) => get<Backlogs>("console/queues", signal),
    refetchInterval: pause ? every(pause) : false,
  });
