import { Flex, Tabs, TextField } from "@radix-ui/themes";
import { useState } from "react";
import { useWords } from "../i18n";
import { Labelled } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { UserField, useUser } from "../parts/users";
import { AddFiles } from "./playground/AddFiles";
import { AddText } from "./playground/AddText";
import { Chat } from "./playground/Chat";
import { Instructions } from "./playground/Instructions";
import { Paste } from "./playground/Paste";
import { Preview } from "./playground/Preview";

const TABS = ["chat", "add", "files", "paste", "preview", "instructions"] as const;

export default function Playground() {
  const t = useWords();
  const [user, setUser] = useUser();
  const [conversation, setConversation] = useState("playground");
  const owner = { user_id: user.trim(), conversation_id: conversation.trim() };
  return (
    <>
      <PageHead title={t.playground.title} lead={t.playground.lead} />
      <Flex gap="4" wrap="wrap">
        <div className="user-field">
          <UserField user={user} onChange={setUser} />
        </div>
        <div className="user-field">
          <Labelled label={t.playground.conversation}>
            <TextField.Root value={conversation} maxLength={100} onChange={(event) => setConversation(event.target.value)} />
          </Labelled>
        </div>
      </Flex>
      <Tabs.Root defaultValue="chat">
        <Tabs.List highContrast className="scrolling">
          {TABS.map((tab) => (
            <Tabs.Trigger key={tab} value={tab}>
              {t.playground.tabs[tab]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="chat" className="tab">
          <Chat owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="add" className="tab">
          <AddText owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="files" className="tab">
          <AddFiles owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="paste" className="tab">
          <Paste owner={owner} />
        </Tabs.Content>
        <Tabs.Content value="preview" className="tab">
          <Preview />
        </Tabs.Content>
        <Tabs.Content value="instructions" className="tab">
          <Instructions />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}
