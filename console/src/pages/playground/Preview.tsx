import { Badge, Grid, Text } from "@radix-ui/themes";
import { useState } from "react";
import { useWords } from "../../i18n";
import { KindBadge } from "../../parts/badges";
import { Section } from "../../parts/headings";
import { useBusy } from "../../parts/useBusy";
import type { Extracted } from "../../types";
import { dryRun } from "./dryRun";
import { TextForm } from "./TextForm";

export function Preview() {
  const t = useWords();
  const [text, setText] = useState("");
  const [busy, run] = useBusy();
  const [result, setResult] = useState<Extracted | null>(null);
  const extract = async () => setResult(await dryRun(text));
  return (
    <Grid columns={{ initial: "1", md: "2" }} gap="4">
      <TextForm
        title={t.playground.tabs.preview}
        about={t.playground.previewAbout}
        label={t.playground.tabs.preview}
        hint={t.playground.pasteHint}
        rows={8}
        text={text}
        onText={setText}
        action={t.playground.preview}
        busy={busy}
        onSend={() => void run(extract)}
      />
      {result && <PreviewResult title={t.playground.stored} result={result} />}
    </Grid>
  );
}

export function PreviewResult({ title, result }: { title: string; result: Extracted }) {
  const t = useWords();
  const nothing = !result.memory_detail_list.length && !result.preference_detail_list.length;
  return (
    <Section title={title}>
      {nothing && <Text color="gray">{t.playground.previewNothing}</Text>}
      <ul className="plain-list">
        {result.memory_detail_list.map((fact) => (
          <li key={fact.memory_value}>
            <KindBadge kind="fact" />
            <span className="grow wrap">{fact.memory_value}</span>
            {fact.tags.slice(0, 2).map((tag) => (
              <Badge key={tag} color="gray" highContrast>
                {tag}
              </Badge>
            ))}
          </li>
        ))}
        {result.preference_detail_list.map((preference) => (
          <li key={preference.preference}>
            <KindBadge kind="preference" />
            <span className="grow wrap">
              {preference.preference}
              <Text as="div" size="2" color="gray">
                {preference.reasoning}
              </Text>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
