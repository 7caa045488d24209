import { Flex, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { CalendarDays } from "lucide-react";
import { Link } from "wouter";
import { post } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Empty, Shown } from "../../parts/states";
import type { EventItem } from "../../types";
import "../../styles/talk.css";

const MOST = 50;

interface Answer {
  event_detail_list: EventItem[];
}

/** What happened or is planned on a day that is known, the latest day first. */
export function Events({ user }: { user: string }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["events", user],
    queryFn: ({ signal }) =>
      post<Answer>("get/memory", { user_id: user, include_memory_view: ["event"], size: MOST }, signal),
  });
  return (
    <Shown query={query}>
      {({ event_detail_list: events }) =>
        events.length === 0 ? (
          <Empty title={t.user.eventsEmpty} hint={t.user.eventsHint} icon={CalendarDays} />
        ) : (
          <ol className="events">
            {[...events].sort(byDay).map((event) => (
              <EventRow key={event.id} event={event} />
            ))}
          </ol>
        )
      }
    </Shown>
  );
}

const byDay = (one: EventItem, other: EventItem): number =>
  (other.event_time[0] ?? "").localeCompare(one.event_time[0] ?? "");

function EventRow({ event }: { event: EventItem }) {
  const t = useWords();
  const format = useFormat();
  const days = event.event_time.map((day) => format.day(new Date(`${day}T12:00`).getTime()));
  return (
    <li>
      <Text size="2" color="gray" className="event-days">
        {[...new Set(days)].join(" – ") || t.user.noDay}
      </Text>
      <Flex direction="column" gap="1" minWidth="0">
        <Link href={`/memories/${event.id}`} className="wrap">
          {event.event_value}
        </Link>
        {event.event_location.length > 0 && (
          <Text size="2" color="gray">
            {event.event_location.join(", ")}
          </Text>
        )}
      </Flex>
    </li>
  );
}
