import { Badge, Button, Code, Flex, Text, TextField } from "@radix-ui/themes";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { get } from "../../api";
import { useWords } from "../../i18n";
import { agoColumn } from "../../parts/agoColumn";
import { Labelled, PickOne } from "../../parts/controls";
import { ListingCard, type Column } from "../../parts/Listing";
import { Empty, Shown } from "../../parts/states";
import type { AuditEntry } from "../../types";
import { ofProject, useKeys } from "./Keys";
import "../../styles/administration.css";

const EVERY = "all";
const PAGE = 100;

interface AuditPage {
  entries: AuditEntry[];
  before: number | null;
}

/** Which part of the log is looked at. Days are those of the browser. */
interface Wanted {
  key: string;
  user: string;
  action: string;
  from: string;
  until: string;
}

const startOf = (day: string): number => new Date(`${day}T00:00`).getTime();
const afterDay = (day: string): number => {
  const next = new Date(startOf(day));
  next.setDate(next.getDate() + 1);
  return next.getTime();
};

function useAudit(project: string, { key, user, from, until }: Wanted) {
  return useInfiniteQuery({
    queryKey: ["audit", project, key, user, from, until],
    initialPageParam: until ? afterDay(until) : 0,
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ limit: String(PAGE), before: String(pageParam) });
      if (key !== EVERY) asked.set("key", key);
      if (user.trim()) asked.set("user_id", user.trim());
      return get<AuditPage>(`project/audit?${asked}&${ofProject(project)}`, signal);
    },
    getNextPageParam: ({ before }) =>
      before !== null && (!from || before > startOf(from)) ? before : undefined,
  });
}

export function Audit({ project }: { project: string }) {
  const t = useWords();
  const [search, setSearch] = useSearchParams();
  const [wanted, setWanted] = useState<Omit<Wanted, "key">>({ user: "", action: "", from: "", until: "" });
  const key = search.get("key") ?? EVERY;
  const query = useAudit(project, { ...wanted, key });
  const change = (part: Partial<Wanted>) => setWanted((before) => ({ ...before, ...part }));
  const isWanted = ({ action, at }: AuditEntry) =>
    action.toLowerCase().includes(wanted.action.trim().toLowerCase()) &&
    (!wanted.from || at >= startOf(wanted.from));
  return (
    <Flex direction="column" gap="4">
      <Text size="2" color="gray">
        {t.administration.auditAbout}
      </Text>
      <div className="filters">
        <KeyChoice
          project={project}
          value={key}
          onChange={(id) => setSearch(id === EVERY ? {} : { key: id })}
        />
        <Labelled label={t.administration.about}>
          <TextField.Root
            value={wanted.user}
            placeholder={t.common.userHint}
            autoComplete="off"
            onChange={(event) => change({ user: event.target.value })}
          />
        </Labelled>
        <Labelled label={t.administration.what}>
          <TextField.Root
            value={wanted.action}
            placeholder="delete/memory"
            autoComplete="off"
            onChange={(event) => change({ action: event.target.value })}
          />
        </Labelled>
        <Labelled label={t.administration.from}>
          <TextField.Root
            type="date"
            value={wanted.from}
            onChange={(event) => change({ from: event.target.value })}
          />
        </Labelled>
        <Labelled label={t.administration.until}>
          <TextField.Root
            type="date"
            value={wanted.until}
            onChange={(event) => change({ until: event.target.value })}
          />
        </Labelled>
      </div>
      <Shown query={query}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries).filter(isWanted);
          return (
            <>
              {entries.length ? (
                <AuditTable entries={entries} />
              ) : (
                <Empty
                  title={t.administration.noAudit}
                  hint={t.administration.noAuditHint}
                  icon={ScrollText}
                />
              )}
              {query.hasNextPage && (
                <Flex justify="center">
                  <Button
                    variant="soft"
                    color="gray"
                    highContrast
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t.administration.earlier}
                  </Button>
                </Flex>
              )}
            </>
          );
        }}
      </Shown>
    </Flex>
  );
}

interface KeyChoiceProps {
  project: string;
  value: string;
  onChange: (id: string) => void;
}

function KeyChoice({ project, value, onChange }: KeyChoiceProps) {
  const t = useWords();
  const { data: keys = [] } = useKeys(project);
  const named = keys.map((key): [string, string] => [
    key.id,
    `${key.id === "first" ? t.administration.firstKey : key.name} …${key.hint}`,
  ]);
  // One that has been revoked is no longer listed, and its entries are still there.
  const gone: [string, string][] =
    value === EVERY || keys.some(({ id }) => id === value) ? [] : [[value, value]];
  return (
    <PickOne
      label={t.administration.who}
      value={value}
      options={[[EVERY, t.administration.everyKey], ...named, ...gone]}
      onChange={onChange}
    />
  );
}

function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const t = useWords();
  const columns: Column<AuditEntry>[] = [
    { head: t.administration.what, cell: (entry) => <Action entry={entry} /> },
    {
      head: t.operations.status,
      cell: ({ status }) => (
        <Badge color={status >= 400 || status === 0 ? "red" : "green"} highContrast className="figure">
          {status || t.operations.left}
        </Badge>
      ),
    },
    { head: t.administration.who, className: "wide-only wrap", cell: ({ key, key_name }) => key_name || key },
    {
      head: t.administration.about,
      className: "wide-only wrap",
      cell: ({ user_ids }) => user_ids.join(", "),
    },
    agoColumn(t.operations.time, ({ at }) => at),
  ];
  return <ListingCard rows={entries} columns={columns} keyOf={({ request, at }) => `${request} ${at}`} />;
}

function Action({ entry }: { entry: AuditEntry }) {
  return (
    <>
      <Code variant="ghost" color="gray" highContrast className="wrap">
        {entry.action}
      </Code>
      {entry.objects.length > 0 && (
        <Text as="div" size="1" color="gray" className="wrap two-lines">
          {entry.objects.join(", ")}
        </Text>
      )}
    </>
  );
}
