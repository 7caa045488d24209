import { useLocation } from "wouter";
import { useWords } from "../i18n";
import { PageHead } from "../parts/headings";
import { PageTabs } from "../parts/PageTabs";
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
      <PageTabs
        value={shown}
        onChange={(chosen) => go(`/operations/${chosen}`)}
        tabs={[
          ["requests", t.operations.tabs.requests, <Requests />],
          ["models", t.operations.tabs.models, <Models />],
          ["queues", t.operations.tabs.queues, <Queues />],
          ["webhooks", t.operations.tabs.webhooks, <Webhooks />],
          ["settings", t.operations.tabs.settings, <Settings />],
        ]}
      />
    </>
  );
}
