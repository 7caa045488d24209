import { Badge, Button, Code, Flex, Text } from "@radix-ui/themes";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, KeyRound, RotateCw } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { get, post, storedKey } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Confirm } from "../../parts/controls";
import { ListingCard, type Column } from "../../parts/Listing";
import { useNotes } from "../../parts/notes";
import { Empty, Shown } from "../../parts/states";
import type { ApiKey, MadeKey } from "../../types";
import { CreateKey } from "./CreateKey";
import { RotateKey } from "./RotateKey";
import { Secret } from "./Secret";

/** The key of the settings or of the data folder: it is changed there. */
const FIRST = "first";

export const ofProject = (project: string): string =>
  project ? `project=${encodeURIComponent(project)}` : "";

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
  const format = useFormat();
  const columns: Column<ApiKey>[] = [
    { head: t.administration.name, cell: (key) => <Name item={key} /> },
    {
      head: t.administration.scopes,
      className: "wide-only",
      cell: ({ scopes }) => <Scopes scopes={scopes} />,
    },
    { head: t.administration.lastUsed, className: "wide-only", cell: (key) => <LastUsed item={key} /> },
    {
      head: t.administration.expires,
      className: "wide-only",
      cell: ({ expires_at: at }) =>
        at ? format.time(at) : <Text color="gray">{t.administration.never}</Text>,
    },
    {
      head: t.administration.actions,
      className: "right",
      cell: (key) => <KeyActions item={key} project={project} onMade={onMade} />,
    },
  ];
  return <ListingCard rows={keys} columns={columns} keyOf={({ id }) => id} />;
}

function Name({ item }: { item: ApiKey }) {
  const t = useWords();
  const owner = item.user_id ?? item.agent_id;
  return (
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
  );
}

function LastUsed({ item }: { item: ApiKey }) {
  const t = useWords();
  if (item.last_used_at) return <Ago at={item.last_used_at} />;
  // When the first key was used is not written down.
  return <Text color="gray">{item.id === FIRST ? "–" : t.administration.neverUsed}</Text>;
}

function KeyActions({ item, project, onMade }: { item: ApiKey } & Omit<KeyTableProps, "keys">) {
  const t = useWords();
  if (item.id === FIRST)
    return (
      <Text size="1" color="gray">
        {t.administration.firstKeyHint}
      </Text>
    );
  return (
    <Flex gap="2" justify="end" wrap="wrap">
      <RotateKey item={item} project={project} onMade={onMade}>
        <Button size="1" variant="soft" color="gray" highContrast>
          <RotateCw size={14} aria-hidden />
          {t.administration.rotate}
        </Button>
      </RotateKey>
      <Revoke item={item} project={project} />
    </Flex>
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
