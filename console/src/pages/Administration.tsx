import { Flex, TextField } from "@radix-ui/themes";
import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import { useWords } from "../i18n";
import { Labelled } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { PageTabs } from "../parts/PageTabs";
import { useBacklogs } from "../parts/useBacklogs";
import { Audit } from "./administration/Audit";
import { Backup } from "./administration/Backup";
import { Keys } from "./administration/Keys";
import { Quotas } from "./administration/Quotas";

const TABS = ["keys", "audit", "quotas", "backup"] as const;

export default function Administration({ tab }: { tab: string }) {
  const t = useWords();
  const [, go] = useLocation();
  const [project, setProject] = useState("");
  const shown = TABS.find((name) => name === tab) ?? TABS[0];
  const isOperator = Boolean(useBacklogs().data?.lanes.length);
  return (
    <>
      <PageHead title={t.administration.title} lead={t.administration.lead}>
        {isOperator && <ProjectField onChange={setProject} />}
      </PageHead>
      <PageTabs
        value={shown}
        onChange={(chosen) => go(`/administration/${chosen}`)}
        tabs={[
          ["keys", t.administration.tabs.keys, <Keys project={project} />],
          ["audit", t.administration.tabs.audit, <Audit project={project} />],
          ["quotas", t.administration.tabs.quotas, <Quotas project={project} isOperator={isOperator} />],
          ["backup", t.administration.tabs.backup, <Backup />],
        ]}
      />
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
