import { Flex, Tabs, TextField } from "@radix-ui/themes";
import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import { useWords } from "../i18n";
import { Labelled } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { Audit } from "./administration/Audit";
import { Backup } from "./administration/Backup";
import { Keys } from "./administration/Keys";
import { Quotas } from "./administration/Quotas";
import { useBacklogs } from "./operations/Queues";

const TABS = ["keys", "audit", "quotas", "backup"] as const;
type Tab = (typeof TABS)[number];

const isTab = (name: string): name is Tab => (TABS as readonly string[]).includes(name);

export default function Administration({ tab }: { tab: string }) {
  const t = useWords();
  const [, go] = useLocation();
  const [project, setProject] = useState("");
  const isOperator = Boolean(useBacklogs().data?.lanes.length);
  return (
    <>
      <PageHead title={t.administration.title} lead={t.administration.lead}>
        {isOperator && <ProjectField onChange={setProject} />}
      </PageHead>
      <Tabs.Root value={isTab(tab) ? tab : "keys"} onValueChange={(chosen) => go(`/administration/${chosen}`)}>
        <Tabs.List highContrast className="scrolling">
          {TABS.map((name) => (
            <Tabs.Trigger key={name} value={name}>
              {t.administration.tabs[name]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="keys" className="tab">
          <Keys project={project} />
        </Tabs.Content>
        <Tabs.Content value="audit" className="tab">
          <Audit project={project} />
        </Tabs.Content>
        <Tabs.Content value="quotas" className="tab">
          <Quotas project={project} isOperator={isOperator} />
        </Tabs.Content>
        <Tabs.Content value="backup" className="tab">
          <Backup />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}

/** Operators administer the other projects too; what is typed holds once it is entered or left. */
function ProjectField({ onChange }: { onChange: (project: string) => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  const entered = (event: FormEvent) => {
    event.preventDefault();
    onChange(text.trim());
  };
  return (
    <form onSubmit={entered} onBlur={() => onChange(text.trim())}>
      <Flex className="user-field">
        <Labelled label={t.administration.project}>
          <TextField.Root
            value={text}
            maxLength={64}
            pattern="[A-Za-z0-9._\-]+"
            placeholder={t.administration.projectHint}
            autoComplete="off"
            onChange={(event) => setText(event.target.value)}
          />
        </Labelled>
      </Flex>
    </form>
  );
}
