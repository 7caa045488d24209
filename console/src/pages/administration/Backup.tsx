import { Button, Callout, Code, Flex, Text } from "@radix-ui/themes";
import { Download, Info } from "lucide-react";
import { useState } from "react";
import { ApiError, download } from "../../api";
import { useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { useBusy } from "../../parts/useBusy";

export function Backup() {
  const t = useWords();
  const { say, fail } = useNotes();
  const [missing, setMissing] = useState(false);
  const [busy, run] = useBusy((error) => {
    if (error instanceof ApiError && error.status === 404) setMissing(true);
    else fail(error);
  });
  const fetchIt = async () => {
    setMissing(false);
    await download("backup", "souvenir-backup.tar.gz");
    say(t.administration.backupDone);
  };
  return (
    <Section title={t.administration.backupTitle} about={t.administration.backupAbout}>
      <Flex direction="column" gap="4" align="start">
        {missing && (
          <Callout.Root color="amber" highContrast role="alert">
            <Callout.Icon>
              <Info size={16} />
            </Callout.Icon>
            <Callout.Text>{t.administration.backupMissing}</Callout.Text>
          </Callout.Root>
        )}
        <Button loading={busy} onClick={() => void run(fetchIt)}>
          <Download size={16} aria-hidden />
          {t.administration.backupGet}
        </Button>
        <Text size="2" color="gray">
          {t.administration.backupShell} <Code className="wrap">souvenir backup souvenir.tar.gz</Code>
        </Text>
      </Flex>
    </Section>
  );
}
