import { Button } from "@radix-ui/themes";
import { Trash2 } from "lucide-react";
import { lazy, Suspense } from "react";
import { useLocation } from "wouter";
import { post } from "../api";
import { useWords } from "../i18n";
import { Confirm } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { sum } from "../parts/kindCounts";
import { useNotes } from "../parts/notes";
import { PageTabs } from "../parts/PageTabs";
import { Loading } from "../parts/states";
import { useUsers } from "../parts/users";
import { Archived } from "./user/Archived";
import { Events } from "./user/Events";
import { ExportButton } from "./user/ExportButton";
import { Memories } from "./user/Memories";
import { Messages } from "./user/Messages";
import { Profile } from "./user/Profile";
import { Timeline } from "./user/Timeline";

const MemoryMap = lazy(() => import("./MemoryMap"));

const TABS = ["memories", "profile", "events", "timeline", "map", "archived", "messages"] as const;

interface UserProps {
  user: string;
  tab: string;
}

export default function User({ user, tab }: UserProps) {
  const t = useWords();
  const { say, fail } = useNotes();
  const users = useUsers();
  const [, go] = useLocation();
  const counts = users.data?.find((each) => each.user_id === user)?.counts ?? {};
  const deleteAll = async () => {
    try {
      await post("delete/memory", { user_id: user });
      say(t.memory.deleted);
      await users.refetch();
      go("/users");
    } catch (error) {
      fail(error);
    }
  };
  return (
    <>
      <PageHead title={user} lead={t.common.memories(sum(counts))}>
        <ExportButton user={user} />
        <Confirm
          title={t.user.deleteAllTitle(user)}
          text={t.user.deleteAllText}
          action={t.user.deleteAll}
          onConfirm={() => void deleteAll()}
        >
          <Button variant="soft" color="red" highContrast>
            <Trash2 size={16} aria-hidden />
            {t.user.deleteAll}
          </Button>
        </Confirm>
      </PageHead>
      <PageTabs
        value={TABS.find((each) => each === tab) ?? TABS[0]}
        onChange={(chosen) => go(`/users/${encodeURIComponent(user)}/${chosen}`, { replace: true })}
        tabs={[
          ["memories", t.user.tabs.memories, <Memories user={user} counts={counts} />],
          ["profile", t.user.tabs.profile, <Profile user={user} />],
          ["events", t.user.tabs.events, <Events user={user} />],
          ["timeline", t.user.tabs.timeline, <Timeline user={user} />],
          [
            "map",
            t.user.tabs.map,
            <Suspense fallback={<Loading />}>
              <MemoryMap user={user} />
            </Suspense>,
          ],
          ["archived", t.user.tabs.archived, <Archived user={user} />],
          ["messages", t.user.tabs.messages, <Messages user={user} />],
        ]}
      />
    </>
  );
}
