import { Button, Flex, TextArea } from "@radix-ui/themes";
import { useState } from "react";
import { useWords } from "../../i18n";
import { Section } from "../../parts/headings";
import { Begun, useAdd } from "./begun";
import type { Owner } from "./talk";

export function AddText({ owner }: { owner: Owner }) {
  const t = useWords();
  const [text, setText] = useState("");
  const { add, busy, tasks } = useAdd(owner);
  const send = async () => {
    if (await add([{ role: "user", content: text.trim() }])) setText("");
  };
  return (
    <Flex direction="column" gap="4">
      <Section title={t.playground.tabs.add}>
        <Flex direction="column" gap="3">
          <TextArea
            aria-label={t.playground.text}
            size="3"
            rows={5}
            placeholder={t.playground.textHint}
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
