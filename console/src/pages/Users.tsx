import { Card, Flex, Table, Text, TextField } from "@radix-ui/themes";
import { Search as Lens, UsersRound } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useFormat, useWords } from "../i18n";
import { PageHead } from "../parts/headings";
import { KindBar, sum } from "../parts/kindCounts";
import { Empty, Shown } from "../parts/states";
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
          if (users.length === 0) return <Empty title={t.users.empty} hint={t.users.emptyHint} icon={UsersRound} />;
          if (found.length === 0) return <Empty title={t.users.noMatch} icon={UsersRound} />;
          return <UserTable users={found} />;
        }}
      </Shown>
    </>
  );
}

function UserTable({ users }: { users: UserCounts[] }) {
  const t = useWords();
  const format = useFormat();
  return (
    <Card className="flush">
      <Table.Root>
        <Table.Header>
          <Table.Row>
            <Table.ColumnHeaderCell>{t.common.user}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="right">{t.users.total}</Table.ColumnHeaderCell>
            {KINDS.map((kind) => (
              <Table.ColumnHeaderCell key={kind} className="right wide-only">
                {t.kindsMany[kind]}
              </Table.ColumnHeaderCell>
            ))}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {users.slice(0, 500).map((user) => (
            <Table.Row key={user.user_id} className="row-link">
              <Table.RowHeaderCell>
                <Flex direction="column" gap="2">
                  <Link href={`/users/${encodeURIComponent(user.user_id)}`} className="cover wrap">
                    {user.user_id}
                  </Link>
                  <KindBar counts={user.counts} />
                </Flex>
              </Table.RowHeaderCell>
              <Table.Cell className="right figure">{format.number(sum(user.counts))}</Table.Cell>
              {KINDS.map((kind) => (
                <Table.Cell key={kind} className="right figure wide-only">
                  <Text color="gray">{format.number(user.counts[kind] ?? 0)}</Text>
                </Table.Cell>
              ))}
            </Table.Row>
          ))}
        </Table.Body>
      </Table.Root>
    </Card>
  );
}
