import { Button } from "@radix-ui/themes";
import { Download } from "lucide-react";
import { useState } from "react";
import { post, saveFile } from "../../api";
import { useFormat, useWords } from "../../i18n";
import { useNotes } from "../../parts/notes";
import { useBusy } from "../../parts/useBusy";

interface Exported {
  records: object[];
  after: string | null;
}

/** All records of a user, as `import/memory` takes them: one a line. */
export function ExportButton({ user }: { user: string }) {
  const t = useWords();
  const format = useFormat();
  const { say } = useNotes();
  const [count, setCount] = useState(0);
  const [busy, run] = useBusy();
  const save = async () => {
    setCount(0);
    const lines = await exportedLines(user, setCount);
    saveFile(new Blob(lines, { type: "application/x-ndjson" }), fileName(user));
    say(t.user.exported(lines.length));
  };
  return (
    <Button variant="soft" color="gray" highContrast disabled={busy} onClick={() => void run(save)}>
      <Download size={16} aria-hidden />
      {busy && count ? t.user.exporting(format.number(count)) : t.user.export}
    </Button>
  );
}

async function exportedLines(user: string, onCount: (count: number) => void): Promise<string[]> {
  const lines: string[] = [];
  let after: string | null = "";
  while (after !== null) {
    const page: Exported = await post<Exported>("export/memory", { user_id: user, after });
    lines.push(...page.records.map((record) => `${JSON.stringify(record)}\n`));
    onCount(lines.length);
    after = page.after;
  }
  return lines;
}

/** Ids may hold what names of files may not. */
const fileName = (user: string): string => {
  const day = new Date().toISOString().slice(0, 10);
  return `souvenir-${user.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 80)}-${day}.jsonl`;
};
