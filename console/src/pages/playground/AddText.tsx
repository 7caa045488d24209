import { Flex } from "@radix-ui/themes";
import { useState } from "react";
import { useWords } from "../../i18n";
import { Begun, useAdd } from "./begun";
import { TextForm } from "./TextForm";
import type { Owner } from "./talk";

export function AddText({ owner }: { owner: Owner }) {
  const t = useWords();
  const [text, setText] = useState("");
  const { add, busy, tasks } = useAdd(owner, "text");
  const send = async () => {
    if (await add([{ role: "user", content: text.trim() }])) setText("");
  };
  return (
    <Flex direction="column" gap="4">
      <TextForm
        title={t.playground.tabs.add}
        label={t.playground.text}
        hint={t.playground.textHint}
        rows={5}
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
