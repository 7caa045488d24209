import { Button, Callout, Flex, Grid, Text, TextArea } from "@radix-ui/themes";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Info } from "lucide-react";
import { useState } from "react";
import { get, post, put } from "../../api";
import { useWords } from "../../i18n";
import { Labelled } from "../../parts/controls";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { Shown } from "../../parts/states";
import { INSTRUCTION_KEYS, type Extracted, type Overview, type ProjectSettings } from "../../types";
import { useProjectSettings } from "../administration/Quotas";
import { PreviewResult } from "./Preview";
import { readTalk } from "./readTalk";

type Texts = Record<string, string>;

/** The owner's instructions, and beside them what they make of a text. */
export function Instructions() {
  const query = useProjectSettings();
  return <Shown query={query}>{(settings) => <Editor settings={settings} />}</Shown>;
}

function Editor({ settings }: { settings: ProjectSettings }) {
  const t = useWords();
  const { say, fail } = useNotes();
  const queries = useQueryClient();
  const [texts, setTexts] = useState<Texts>(settings.extract_instructions);
  const [busy, setBusy] = useState(false);
  const given = filled(texts);
  const saved = JSON.stringify(given) === JSON.stringify(filled(settings.extract_instructions));
  const save = async () => {
    setBusy(true);
    try {
      const stored = await put<ProjectSettings>("project/settings", { extract_instructions: given });
      queries.setQueryData(["project settings"], stored);
      setTexts(stored.extract_instructions);
      say(t.playground.instructionsSaved);
    } catch (error) {
      fail(error);
    } finally {
      setBusy(false);
    }
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
              <Button loading={busy} disabled={saved} onClick={() => void save()}>
                {t.playground.saveInstructions}
              </Button>
            </Flex>
          </Flex>
        </Section>
        <TryOut draft={given} saved={saved} />
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
  const { data } = useQuery({
    queryKey: ["overview"],
    queryFn: ({ signal }) => get<Overview>("console/overview", signal),
  });
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

interface Tried {
  before: Extracted;
  with: Extracted | null;
}

/** A dry run with what is saved, and with what is typed beside it where that is something else. */
function TryOut({ draft, saved }: { draft: Texts; saved: boolean }) {
  const t = useWords();
  const { fail } = useNotes();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const run = async () => {
    setBusy(true);
    const talk = readTalk(text);
    const messages = talk.length ? talk : [{ role: "user", content: text.trim() }];
    const extract = (more: object) => post<Extracted>("extract/memory", { messages, ...more });
    try {
      const [before, after] = await Promise.all([
        extract({}),
        saved ? null : extract({ custom_extract_prompt: draft }),
      ]);
      setTried({ before, with: after });
    } catch (error) {
      fail(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Flex direction="column" gap="4">
      <Section title={t.playground.tryOut} about={t.playground.tryOutAbout}>
        <Flex direction="column" gap="3">
          <TextArea
            aria-label={t.playground.tryOut}
            size="3"
            rows={6}
            placeholder={t.playground.pasteHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Flex justify="between" align="center" gap="3" wrap="wrap">
            <Text size="2" color="gray">
              {t.playground.previewAbout}
            </Text>
            <Button loading={busy} disabled={!text.trim()} onClick={() => void run()}>
              {t.playground.preview}
            </Button>
          </Flex>
        </Flex>
      </Section>
      {tried && <PreviewResult title={t.playground.asSaved} result={tried.before} />}
      {tried?.with && <PreviewResult title={t.playground.asTyped} result={tried.with} />}
    </Flex>
  );
}
