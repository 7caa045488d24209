import { Flex, TextField } from "@radix-ui/themes";
import { useLocation } from "wouter";
import { useWords } from "../i18n";
import { Labelled } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { PageTabs } from "../parts/PageTabs";
import { useKept } from "../parts/useKept";
import { UserField, useUser } from "../parts/users";
import { AddFiles } from "./playground/AddFiles";
import { AddText } from "./playground/AddText";
import { Chat } from "./playground/Chat";
import { Compare } from "./playground/Compare";
import { Instructions } from "./playground/Instructions";
import { Paste } from "./playground/Paste";
import { Preview } from "./playground/Preview";

const TABS = ["chat", "compare", "add", "files", "paste", "preview", "instructions"] as const;

export default function Playground({ tab }: { tab: string }) {
  const t = useWords();
  const [user, setUser] = useUser();
  const [, go] = useLocation();
  const [conversation, setConversation] = useKept("conversation", "playground");
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
            <TextField.Root
              value={conversation}
              maxLength={100}
              onChange={(event) => setConversation(event.target.value)}
            />
          </Labelled>
        </div>
      </Flex>
      <PageTabs
        value={TABS.find((each) => each === tab) ?? TABS[0]}
        onChange={(chosen) => go(`/playground/${chosen}`, { replace: true })}
        tabs={[
          ["chat", t.playground.tabs.chat, <Chat owner={owner} />],
          ["compare", t.playground.tabs.compare, <Compare owner={owner} onUser={setUser} />],
          ["add", t.playground.tabs.add, <AddText owner={owner} />],
          ["files", t.playground.tabs.files, <AddFiles owner={owner} />],
          ["paste", t.playground.tabs.paste, <Paste owner={owner} />],
          ["preview", t.playground.tabs.preview, <Preview />],
          ["instructions", t.playground.tabs.instructions, <Instructions />],
        ]}
      />
    </>
  );
}
