import { Tabs } from "@radix-ui/themes";
import { useLocation } from "wouter";
import { useWords } from "../i18n";
import { PageHead } from "../parts/headings";
import { Models } from "./operations/Models";
import { Queues } from "./operations/Queues";
import { Requests } from "./operations/Requests";
import { Settings } from "./operations/Settings";
import { Webhooks } from "./operations/Webhooks";

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
