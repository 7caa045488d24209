import { Button, Flex, TextArea } from "@radix-ui/themes";
import { useState } from "react";
import { useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { Begun, useAdd } from "./begun";
import { readTalk } from "./readTalk";
import type { Owner } from "./talk";

export function Paste({ owner }: { owner: Owner }) {
  const t = useWords();
  const { fail } = useNotes();
  const [text, setText] = useState("");
  const { add, busy, tasks } = useAdd(owner);
  const send = async () => {
    const messages = readTalk(text);
    if (!messages.length) fail(new Error(t.playground.noMessages));
    else if (await add(messages)) setText("");
  };
  return (
    <Flex direction="column" gap="4">
      <Section title={t.playground.tabs.paste} about={t.playground.pasteAbout}>
        <Flex direction="column" gap="3">
          <TextArea
            aria-label={t.playground.tabs.paste}
            size="3"
            rows={8}
            placeholder={t.playground.pasteHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Flex justify="end">
            <Button loading={busy} disabled={!text.trim()} onClick={() => void send()}>
              {t.playground.add}
            </Button>
          </Flex>
        </Flex>
      </Section>
      <Begun tasks={tasks} />
    </Flex>
  );
}
