import { Button, Callout, Flex, Grid, TextArea } from "@radix-ui/themes";
import { useQueryClient } from "@tanstack/react-query";
import { Info } from "lucide-react";
import { useState } from "react";
import { put } from "../../api";
import { useWords } from "../../i18n";
import { Labelled } from "../../parts/controls";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { Shown } from "../../parts/states";
import { useBusy } from "../../parts/useBusy";
import { useOverview } from "../../parts/useOverview";
import { INSTRUCTION_KEYS, type ProjectSettings } from "../../types";
import { useProjectSettings } from "../administration/Quotas";
import { TryOut } from "./TryOut";

type Texts = Record<string, string>;

/** The owner's instructions, and beside them what they make of a text. */
export function Instructions() {
  const query = useProjectSettings();
  return <Shown query={query}>{(settings) => <Editor settings={settings} />}</Shown>;
}

function Editor({ settings }: { settings: ProjectSettings }) {
  const t = useWords();
  const { say } = useNotes();
  const queries = useQueryClient();
  const [texts, setTexts] = useState<Texts>(settings.extract_instructions);
  const [busy, run] = useBusy();
  const given = filled(texts);
  const saved = JSON.stringify(given) === JSON.stringify(filled(settings.extract_instructions));
  const save = async () => {
    const stored = await put<ProjectSettings>("project/settings", { extract_instructions: given });
    queries.setQueryData(["project settings"], stored);
    setTexts(stored.extract_instructions);
    say(t.playground.instructionsSaved);
  };
  return (
    <Flex direction="column" gap="4">
      <NoModel />
      <Grid columns={{ initial: "1", md: "2" }} gap="4" align="start">
        <Section title={t.playground.tabs.instructions} about={t.playground.instructionsAbout}>
          <Flex direction="column" gap="3">
            {INSTRUCTION_KEYS.map((key) => (
              <Labelled key={key} label={t.playground.instructionKeys[key] ?? key}>
                <TextArea
                  rows={key === "all" ? 3 : 1}
                  resize="vertical"
                  maxLength={2000}
                  placeholder={key === "all" ? t.playground.instructionsHint : undefined}
                  value={texts[key] ?? ""}
                  onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
                />
              </Labelled>
            ))}
            <Flex justify="end">
              <Button loading={busy} disabled={saved} onClick={() => void run(save)}>
                {t.playground.saveInstructions}
              </Button>
            </Flex>
          </Flex>
        </Section>
        <TryOut draft={saved ? null : given} />
      </Grid>
    </Flex>
  );
}

/** Those that say something, in the order of the keys. */
const filled = (texts: Texts): Texts =>
  Object.fromEntries(
    INSTRUCTION_KEYS.flatMap((key): [string, string][] => {
      const text = texts[key]?.trim();
      return text ? [[key, text]] : [];
    }),
  );

/** Without a language model nobody reads them. */
function NoModel() {
  const t = useWords();
  const { data } = useOverview();
  if (!data || data.extractor) return null;
  return (
    <Callout.Root color="amber" highContrast size="1">
      <Callout.Icon>
        <Info size={16} />
      </Callout.Icon>
      <Callout.Text>{t.playground.noModel}</Callout.Text>
    </Callout.Root>
  );
}
