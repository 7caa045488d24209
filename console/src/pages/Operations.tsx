import { Badge, Card, Code, Flex, Switch, Table, Tabs, Text, TextField } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Activity, Search as Lens, Webhook } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { every, get } from "../api";
import { useFormat, useWords } from "../i18n";
import { Ago, PageHead } from "../parts/pieces";
import { Empty, Shown } from "../parts/states";
import type { LoggedRequest, Setting, Task } from "../types";
import { Models } from "./operations/Models";
import { Queues } from "./operations/Queues";

const TABS = ["requests", "models", "queues", "webhooks", "settings"] as const;

export default function Operations({ tab }: { tab: string }) {
  const t = useWords();
  const [, go] = useLocation();
  const shown = TABS.find((name) => name === tab) ?? TABS[0];
  return (
    <>
      <PageHead title={t.operations.title} lead={t.operations.lead} />
      <Tabs.Root value={shown} onValueChange={(chosen) => go(`/operations/${chosen}`)}>
        <Tabs.List highContrast className="scrolling">
          {TABS.map((name) => (
            <Tabs.Trigger key={name} value={name}>
              {t.operations.tabs[name]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="requests" className="tab">
          <Requests />
        </Tabs.Content>
        <Tabs.Content value="models" className="tab">
          <Models />
        </Tabs.Content>
        <Tabs.Content value="queues" className="tab">
          <Queues />
        </Tabs.Content>
        <Tabs.Content value="webhooks" className="tab">
          <Webhooks />
        </Tabs.Content>
        <Tabs.Content value="settings" className="tab">
          <Settings />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}

function Toggle({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Text as="label" size="2">
      <Flex gap="2" align="center">
        <Switch checked={on} onCheckedChange={onChange} />
        {label}
      </Flex>
    </Text>
  );
}

function Bar({ about, children }: { about: string; children?: ReactNode }) {
  return (
    <Flex justify="between" gap="3" wrap="wrap" align="center" mb="4">
      <Text size="2" color="gray">
        {about}
      </Text>
      {children}
    </Flex>
  );
}

const failed = (status: number) => status === 0 || status >= 400;

function Requests() {
  const t = useWords();
  const format = useFormat();
  const [onlyFailed, setOnlyFailed] = useState(false);
  const query = useQuery({
    queryKey: ["requests"],
    queryFn: ({ signal }) => get<LoggedRequest[]>("console/requests?limit=200", signal),
    refetchInterval: every(3_000),
  });
  return (
    <>
      <Bar about={t.operations.requestsAbout}>
        <Toggle label={t.operations.onlyFailed} on={onlyFailed} onChange={setOnlyFailed} />
      </Bar>
      <Shown query={query}>
        {(requests) => {
          const listed = requests.filter(({ status }) => !onlyFailed || failed(status));
          if (!listed.length) return <Empty title={t.operations.noRequests} icon={Activity} />;
          return (
            <Card className="flush">
              <Table.Root size="1">
                <Table.Header>
                  <Table.Row>
                    <Table.ColumnHeaderCell>{t.operations.path}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell>{t.operations.status}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="right">{t.operations.ms}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="wide-only">{t.operations.key}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="right wide-only">{t.operations.time}</Table.ColumnHeaderCell>
                  </Table.Row>
                </Table.Header>
                <Table.Body>
                  {listed.map((request, index) => (
                    <Table.Row key={`${request.at} ${index}`}>
                      <Table.RowHeaderCell>
                        <Code variant="ghost" color="gray" highContrast className="wrap">
                          <Text color="gray">{request.method}</Text> {request.path}
                        </Code>
                      </Table.RowHeaderCell>
                      <Table.Cell>
                        <Badge color={failed(request.status) ? "red" : "green"} highContrast className="figure">
                          {request.status || t.operations.left}
                        </Badge>
                      </Table.Cell>
                      <Table.Cell className="right figure">{format.number(request.ms, 1)}</Table.Cell>
                      <Table.Cell className="wide-only">
                        <Code variant="ghost" color="gray">
                          …{request.key}
                        </Code>
                      </Table.Cell>
                      <Table.Cell className="right wide-only">
                        <Text color="gray">
                          <Ago at={request.at} />
                        </Text>
                      </Table.Cell>
                    </Table.Row>
                  ))}
                </Table.Body>
              </Table.Root>
            </Card>
          );
        }}
      </Shown>
    </>
  );
}

const DELIVERY_COLOURS: Record<string, "green" | "red" | "blue"> = {
  delivered: "green",
  failed: "red",
  waiting: "blue",
};

function Webhooks() {
  const t = useWords();
  const query = useQuery({
    queryKey: ["tasks", "webhooks"],
    queryFn: ({ signal }) => get<Task[]>("console/tasks?limit=500", signal),
    refetchInterval: every(5_000),
  });
  return (
    <Shown query={query}>
      {(tasks) => {
        const told = tasks.filter((task) => task.webhook);
        if (!told.length)
          return <Empty title={t.operations.noWebhooks} hint={t.operations.noWebhooksHint} icon={Webhook} />;
        return (
          <>
            <Bar about={t.operations.webhooksAbout} />
            <Card className="flush">
              <Table.Root size="1">
                <Table.Header>
                  <Table.Row>
                    <Table.ColumnHeaderCell>{t.operations.url}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell>{t.operations.status}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="right">{t.operations.attempts}</Table.ColumnHeaderCell>
                    <Table.ColumnHeaderCell className="wide-only">{t.operations.error}</Table.ColumnHeaderCell>
                  </Table.Row>
                </Table.Header>
                <Table.Body>
                  {told.map(({ task_id, webhook }) => (
                    <Table.Row key={task_id}>
                      <Table.RowHeaderCell className="wrap">
                        <Link href={`/tasks/${task_id}`}>{webhook?.url}</Link>
                      </Table.RowHeaderCell>
                      <Table.Cell>
                        <Badge color={DELIVERY_COLOURS[webhook?.state ?? ""] ?? "gray"} highContrast>
                          {t.operations.delivery[webhook?.state ?? ""] ?? webhook?.state}
                        </Badge>
                      </Table.Cell>
                      <Table.Cell className="right figure">{webhook?.attempts}</Table.Cell>
                      <Table.Cell className="wide-only wrap">{webhook?.error}</Table.Cell>
                    </Table.Row>
                  ))}
                </Table.Body>
              </Table.Root>
            </Card>
          </>
        );
      }}
    </Shown>
  );
}

function Settings() {
  const t = useWords();
  const [wanted, setWanted] = useState("");
  const [onlyChanged, setOnlyChanged] = useState(false);
  const query = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => get<Setting[]>("console/settings", signal),
  });
  return (
    <>
      <Bar about={t.operations.settingsAbout}>
        <Flex gap="4" wrap="wrap" align="center">
          <Toggle label={t.operations.onlyChanged} on={onlyChanged} onChange={setOnlyChanged} />
          <TextField.Root
            aria-label={t.operations.find}
            placeholder={t.operations.find}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          >
            <TextField.Slot>
              <Lens size={16} aria-hidden />
            </TextField.Slot>
          </TextField.Root>
        </Flex>
      </Bar>
      <Shown query={query}>
        {(settings) => (
          <Card className="flush">
            <Table.Root size="1">
              <Table.Header>
                <Table.Row>
                  <Table.ColumnHeaderCell>{t.operations.setting}</Table.ColumnHeaderCell>
                  <Table.ColumnHeaderCell>{t.operations.value}</Table.ColumnHeaderCell>
                </Table.Row>
              </Table.Header>
              <Table.Body>
                {settings
                  .filter((setting) => matches(setting, wanted) && !(onlyChanged && setting.default))
                  .map((setting) => (
                    <Table.Row key={setting.name}>
                      <Table.RowHeaderCell>
                        <Code variant="ghost" color="gray" highContrast className="wrap">
                          {setting.name}
                        </Code>
                        <Text as="div" size="1" color="gray" lang="en">
                          {setting.meaning}
                        </Text>
                      </Table.RowHeaderCell>
                      <Table.Cell>
                        <Flex gap="2" align="center" wrap="wrap">
                          <Value setting={setting} />
                          {!setting.default && (
                            <Badge highContrast>{t.operations.changed}</Badge>
                          )}
                        </Flex>
                      </Table.Cell>
                    </Table.Row>
                  ))}
              </Table.Body>
            </Table.Root>
          </Card>
        )}
      </Shown>
    </>
  );
}

const matches = ({ name, meaning }: Setting, wanted: string): boolean =>
  `${name} ${meaning}`.toLowerCase().includes(wanted.trim().toLowerCase());

function Value({ setting }: { setting: Setting }) {
  const t = useWords();
  if (setting.secret)
    return (
      <Badge color="gray" highContrast>
        {setting.value ? t.operations.set : t.operations.notSet}
      </Badge>
    );
  if (!setting.value) return <Text color="gray">{t.operations.notSet}</Text>;
  return (
    <Code variant="ghost" color="gray" highContrast className="wrap">
      {setting.value}
    </Code>
  );
}
