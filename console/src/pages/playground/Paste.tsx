import { Flex } from "@radix-ui/themes";
import { useState } from "react";
import { useWords } from "../../i18n";
import { useNotes } from "../../parts/notes";
import { Begun, useAdd } from "./begun";
import { readTalk } from "./readTalk";
import { TextForm } from "./TextForm";
import type { Owner } from "./talk";

export function Paste({ owner }: { owner: Owner }) {
  const t = useWords();
  const { fail } = useNotes();
  const [text, setText] = useState("");
  const { add, busy, tasks } = useAdd(owner, "pasted");
  const send = async () => {
    const messages = readTalk(text);
    if (!messages.length) fail(new Error(t.playground.noMessages));
    else if (await add(messages)) setText("");
  };
  return (
    <Flex direction="column" gap="4">
      <TextForm
        title={t.playground.tabs.paste}
        about={t.playground.pasteAbout}
        label={t.playground.tabs.paste}
        hint={t.playground.pasteHint}
        rows={8}
        text={text}
        onText={setText}
        action={t.playground.add}
        busy={busy}
        onSend={() => void send()}
      />
      <Begun tasks={tasks} />
    </Flex>
  );
}
