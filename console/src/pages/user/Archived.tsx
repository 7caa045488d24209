import { Grid } from "@radix-ui/themes";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Archive } from "lucide-react";
import { useState } from "react";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Pager } from "../../parts/controls";
import { MemoryCard } from "../../parts/items";
import { mixed } from "../../parts/itemTexts";
import { Empty, Shown } from "../../parts/states";
import type { Page } from "../../types";

export function Archived({ user }: { user: string }) {
  const t = useWords();
  const [page, setPage] = useState(1);
  const query = useQuery({
    queryKey: ["archived", user, page],
    queryFn: ({ signal }) =>
      post<Page>("get/memory", { user_id: user, status: "archived", page, size: 50 }, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <Shown query={query}>
      {(found) => {
        const items = mixed(found);
        if (!items.length)
          return <Empty title={t.user.archivedEmpty} hint={t.user.archivedHint} icon={Archive} />;
        return (
          <>
            <Grid columns={{ initial: "1", sm: "2", lg: "3" }} gap="3">
              {items.map(({ item }) => (
                <MemoryCard key={item.id} item={item} />
              ))}
            </Grid>
            <Pager page={page} pages={found.pages} onPage={setPage} />
          </>
        );
      }}
    </Shown>
  );
}
