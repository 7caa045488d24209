import { Badge, Button, Card, Code, Flex, Table, Text } from "@radix-ui/themes";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, KeyRound, RotateCw } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { get, post, storedKey } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Confirm } from "../../parts/controls";
import { useNotes } from "../../parts/notes";
import { Empty, Shown } from "../../parts/states";
import type { ApiKey, MadeKey } from "../../types";
import { CreateKey } from "./CreateKey";
import { RotateKey } from "./RotateKey";
import { Secret } from "./Secret";

/** The key of the settings or of the data folder: it is changed there. */
const FIRST = "first";

export const ofProject = (project: string): string => (project ? `project=${encodeURIComponent(project)}` : "");

export const useKeys = (project: string) =>
  useQuery({
    queryKey: ["keys", project],
    queryFn: ({ signal }) => get<ApiKey[]>(`project/keys?${ofProject(project)}`, signal),
  });

export function Keys({ project }: { project: string }) {
  const t = useWords();
  const query = useKeys(project);
  const queries = useQueryClient();
  const [made, setMade] = useState<MadeKey | null>(null);
  const show = (key: MadeKey) => {
    setMade(key);
    void queries.invalidateQueries({ queryKey: ["keys"] });
  };
  return (
    <>
      <Shown query={query}>
        {(keys) => (
          <>
            <Flex justify="between" gap="3" wrap="wrap" align="center" mb="4">
              <Text size="2" color="gray">
                {t.administration.keysAbout}
              </Text>
              <CreateKey project={project} onMade={show} />
            </Flex>
            {keys.length ? (
              <KeyTable keys={keys} project={project} onMade={show} />
            ) : (
              <Empty title={t.administration.noKeys} icon={KeyRound} />
            )}
          </>
        )}
      </Shown>
      <Secret made={made} onClose={() => setMade(null)} />
    </>
  );
}

interface KeyTableProps {
  keys: ApiKey[];
  project: string;
  onMade: (key: MadeKey) => void;
}

function KeyTable({ keys, project, onMade }: KeyTableProps) {
  const t = useWords();
  return (
    <Card className="flush">
      <Table.Root size="1">
        <Table.Header>
          <Table.Row>
            <Table.ColumnHeaderCell>{t.administration.name}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="wide-only">{t.administration.scopes}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="wide-only">{t.administration.lastUsed}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="wide-only">{t.administration.expires}</Table.ColumnHeaderCell>
            <Table.ColumnHeaderCell className="right">{t.administration.actions}</Table.ColumnHeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {keys.map((key) => (
            <KeyRow key={key.id} item={key} project={project} onMade={onMade} />
          ))}
        </Table.Body>
      </Table.Root>
    </Card>
  );
}

interface KeyRowProps {
  item: ApiKey;
  project: string;
  onMade: (key: MadeKey) => void;
}

function KeyRow({ item, project, onMade }: KeyRowProps) {
  const t = useWords();
  const format = useFormat();
  const owner = item.user_id ?? item.agent_id;
  return (
    <Table.Row>
      <Table.RowHeaderCell>
        <Flex direction="column" gap="1" align="start">
          <Text weight="medium" className="wrap">
            {item.id === FIRST ? t.administration.firstKey : item.name}
          </Text>
          <Text size="1" color="gray" className="wrap">
            <Code variant="ghost" color="gray">
              …{item.hint}
            </Code>
            {owner && ` · ${item.user_id ? t.administration.onlyUser(owner) : t.administration.onlyAgent(owner)}`}
            {" · "}
            <Link href={`/administration/audit?key=${item.id}`}>{t.administration.itsAudit}</Link>
          </Text>
          <span className="narrow-only">
            <Scopes scopes={item.scopes} />
          </span>
        </Flex>
      </Table.RowHeaderCell>
      <Table.Cell className="wide-only">
        <Scopes scopes={item.scopes} />
      </Table.Cell>
      <Table.Cell className="wide-only">
        {item.last_used_at ? (
          <Ago at={item.last_used_at} />
        ) : (
          // When the first key was used is not written down.
          <Text color="gray">{item.id === FIRST ? "–" : t.administration.neverUsed}</Text>
        )}
      </Table.Cell>
      <Table.Cell className="wide-only">
        {item.expires_at ? format.time(item.expires_at) : <Text color="gray">{t.administration.never}</Text>}
      </Table.Cell>
      <Table.Cell className="right">
        {item.id === FIRST ? (
          <Text size="1" color="gray">
            {t.administration.firstKeyHint}
          </Text>
        ) : (
          <Flex gap="2" justify="end" wrap="wrap">
            <RotateKey item={item} project={project} onMade={onMade}>
              <Button size="1" variant="soft" color="gray" highContrast>
                <RotateCw size={14} aria-hidden />
                {t.administration.rotate}
              </Button>
            </RotateKey>
            <Revoke item={item} project={project} />
          </Flex>
        )}
      </Table.Cell>
    </Table.Row>
  );
}

function Scopes({ scopes }: { scopes: string[] }) {
  const t = useWords();
  return (
    <Flex gap="1" wrap="wrap">
      {scopes.map((scope) => (
        <Badge key={scope} color={scope === "admin" ? "amber" : "gray"} highContrast>
          {t.administration.scopeNames[scope] ?? scope}
        </Badge>
      ))}
    </Flex>
  );
}

function Revoke({ item, project }: { item: ApiKey; project: string }) {
  const t = useWords();
  const { say, fail } = useNotes();
  const queries = useQueryClient();
  const isOwn = storedKey().endsWith(item.hint);
  const revoke = async () => {
    try {
      await post(`project/keys/${item.id}/revoke`, { project });
      say(t.administration.revoked);
      await queries.invalidateQueries({ queryKey: ["keys"] });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Confirm
      title={t.administration.revokeTitle(item.name)}
      text={isOwn ? t.administration.revokeOwn : t.administration.revokeText}
      action={t.administration.revoke}
      onConfirm={() => void revoke()}
    >
      <Button size="1" variant="soft" color="red" highContrast>
        <Ban size={14} aria-hidden />
        {t.administration.revoke}
      </Button>
    </Confirm>
  );
}
