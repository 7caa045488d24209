import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Brain } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { post } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { KindBadge } from "../../parts/badges";
import { Pager } from "../../parts/controls";
import { mixed, textOf } from "../../parts/itemTexts";
import { Empty, Shown } from "../../parts/states";
import type { Page } from "../../types";
import "../../styles/talk.css";

export function Timeline({ user }: { user: string }) {
  const t = useWords();
  const format = useFormat();
  const [page, setPage] = useState(1);
  const query = useQuery({
    queryKey: ["timeline", user, page],
    queryFn: ({ signal }) => post<Page>("get/memory", { user_id: user, page, size: 50 }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Shown query={query}>
      {(found) => {
        const days = Object.entries(Object.groupBy(mixed(found), ({ item }) => format.day(item.create_time)));
        if (!days.length) return <Empty title={t.user.timelineEmpty} icon={Brain} />;
        return (
          <div className="timeline">
            {days.map(([day, entries]) => (
              <section key={day}>
                <h2 className="day">{day}</h2>
                <ol>
                  {entries?.map(({ kind, item }) => (
                    <li key={item.id} data-kind={kind}>
                      <KindBadge kind={kind} />
                      <Link href={`/memories/${item.id}`} className="grow wrap">
                        {textOf(item)}
                      </Link>
                    </li>
                  ))}
                </ol>
              </section>
            ))}
            <Pager page={page} pages={found.pages} onPage={setPage} />
          </div>
        );
      }}
    </Shown>
  );
}
