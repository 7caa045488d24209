import { Badge, Card, Flex, Grid } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { get } from "../api";
import { useWords } from "../i18n";
import { KindBadge } from "../parts/badges";
import { PageHead } from "../parts/headings";
import { Shown } from "../parts/states";
import type { WholeMemory } from "../types";
import { Actions, Editor } from "./memory/changeMemory";
import { Details, Receipt } from "./memory/origin";
import { Changes, History } from "./memory/past";
import { Sources } from "./memory/Sources";
import { Words } from "./memory/Words";

export default function Memory({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ["memory", id],
    queryFn: ({ signal }) => get<WholeMemory>(`console/memory/${id}`, signal),
  });
  return <Shown query={query}>{(memory) => <Whole memory={memory} />}</Shown>;
}

function Whole({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const [editing, setEditing] = useState(false);
  return (
    <>
      <PageHead
        title={t.memory.title}
        lead={
          <Flex gap="2" align="center" wrap="wrap">
            <KindBadge kind={memory.kind} />
            <Badge color={memory.memory.status === "archived" ? "gray" : "green"} highContrast>
              {t.memory.status[memory.memory.status] ?? memory.memory.status}
            </Badge>
            {memory.fast && (
              <Badge color="blue" highContrast>
                {t.memory.fast}
              </Badge>
            )}
            {memory.user_id && (
              <Link href={`/users/${encodeURIComponent(memory.user_id)}`}>{memory.user_id}</Link>
            )}
          </Flex>
        }
      >
        <Actions memory={memory} onEdit={() => setEditing(true)} />
      </PageHead>
      <Card size="4">
        {editing ? <Editor memory={memory} onDone={() => setEditing(false)} /> : <Words memory={memory} />}
      </Card>
      {memory.changes.length > 0 && <Changes memory={memory} />}
      <Grid columns={{ initial: "1", md: "2" }} gap="4">
        <Flex direction="column" gap="4" minWidth="0">
          <Sources memory={memory} />
          {memory.memory.history?.length ? <History memory={memory} /> : null}
        </Flex>
        <Flex direction="column" gap="4" minWidth="0">
          <Receipt memory={memory} />
          <Details memory={memory} />
        </Flex>
      </Grid>
    </>
  );
}
