import { Flex, Text, TextField } from "@radix-ui/themes";
import { Search as Lens, UsersRound } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useFormat, useWords } from "../i18n";
import { PageHead } from "../parts/headings";
import { KindBar, sum } from "../parts/kindCounts";
import { ListingCard, type Column } from "../parts/Listing";
import { Empty, Shown } from "../parts/states";
import { ToPlayground } from "../parts/ToPlayground";
import { useUsers } from "../parts/users";
import { KINDS, type UserCounts } from "../types";

export default function Users() {
  const t = useWords();
  const query = useUsers();
  const [wanted, setWanted] = useState("");
  return (
    <>
      <PageHead title={t.users.title} lead={t.users.lead}>
        <TextField.Root
          aria-label={t.users.find}
          placeholder={t.users.find}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        >
          <TextField.Slot>
            <Lens size={16} aria-hidden />
          </TextField.Slot>
        </TextField.Root>
      </PageHead>
      <Shown query={query}>
        {(users) => {
          const found = users.filter((user) => user.user_id.toLowerCase().includes(wanted.toLowerCase()));
          if (users.length === 0)
            return (
              <Empty title={t.users.empty} hint={t.users.emptyHint} icon={UsersRound}>
                <ToPlayground />
              </Empty>
            );
          if (found.length === 0) return <Empty title={t.users.noMatch} icon={UsersRound} />;
          return <UserTable users={found} />;
        }}
      </Shown>
    </>
  );
}

const MOST = 500;

function UserTable({ users }: { users: UserCounts[] }) {
  const t = useWords();
  const format = useFormat();
  const columns: Column<UserCounts>[] = [
    {
      head: t.common.user,
      cell: (user) => (
        <Flex direction="column" gap="2">
          <Link href={`/users/${encodeURIComponent(user.user_id)}`} className="cover wrap">
            {user.user_id}
          </Link>
          <KindBar counts={user.counts} />
        </Flex>
      ),
    },
    { head: t.users.total, className: "right figure", cell: ({ counts }) => format.number(sum(counts)) },
    ...KINDS.map((kind): Column<UserCounts> => ({
      head: t.kindsMany[kind],
      className: "right figure wide-only",
      cell: ({ counts }) => <Text color="gray">{format.number(counts[kind] ?? 0)}</Text>,
    })),
  ];
  return (
    <ListingCard
      rows={users.slice(0, MOST)}
      columns={columns}
      keyOf={({ user_id }) => user_id}
      size="2"
      rowClass="row-link"
    />
  );
}
