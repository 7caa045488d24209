import { Flex } from "@radix-ui/themes";
import { useState } from "react";
import { useWords } from "../../i18n";
import { useBusy } from "../../parts/useBusy";
import type { Extracted } from "../../types";
import { dryRun } from "./dryRun";
import { PreviewResult } from "./Preview";
import { TextForm } from "./TextForm";

interface TryOutProps {
  /** Instructions that are typed and not saved yet; nothing where all are. */
  draft: Record<string, string> | null;
}

interface Tried {
  before: Extracted;
  with: Extracted | null;
}

/** A dry run with what is saved, and with what is typed beside it where that is something else. */
export function TryOut({ draft }: TryOutProps) {
  const t = useWords();
  const [text, setText] = useState("");
  const [busy, run] = useBusy();
  const [tried, setTried] = useState<Tried | null>(null);
  const tryOut = async () => {
    const [before, after] = await Promise.all([dryRun(text), draft && dryRun(text, draft)]);
    setTried({ before, with: after });
  };
  return (
    <Flex direction="column" gap="4">
      <TextForm
        title={t.playground.tryOut}
        about={t.playground.tryOutAbout}
        label={t.playground.tryOut}
        hint={t.playground.pasteHint}
        rows={6}
        text={text}
        onText={setText}
        action={t.playground.preview}
        busy={busy}
        onSend={() => void run(tryOut)}
      />
      {tried && <PreviewResult title={t.playground.asSaved} result={tried.before} />}
      {tried?.with && <PreviewResult title={t.playground.asTyped} result={tried.with} />}
    </Flex>
  );
}
