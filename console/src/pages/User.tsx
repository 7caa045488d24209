import { Button, Tabs } from "@radix-ui/themes";
import { Trash2 } from "lucide-react";
import { lazy, Suspense } from "react";
import { useLocation } from "wouter";
import { post } from "../api";
import { useWords } from "../i18n";
import { Confirm } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { sum } from "../parts/kindCounts";
import { useNotes } from "../parts/notes";
import { Loading } from "../parts/states";
import { useUsers } from "../parts/users";
import { Archived } from "./user/Archived";
import { Memories } from "./user/Memories";
import { Messages } from "./user/Messages";
import { Timeline } from "./user/Timeline";

const MemoryMap = lazy(() => import("./MemoryMap"));

export default function User({ user }: { user: string }) {
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
      <Tabs.Root defaultValue="memories">
        <Tabs.List highContrast className="scrolling">
          {(["memories", "timeline", "map", "archived", "messages"] as const).map((tab) => (
            <Tabs.Trigger key={tab} value={tab}>
              {t.user.tabs[tab]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="memories" className="tab">
          <Memories user={user} />
        </Tabs.Content>
        <Tabs.Content value="timeline" className="tab">
          <Timeline user={user} />
        </Tabs.Content>
        <Tabs.Content value="map" className="tab">
          <Suspense fallback={<Loading />}>
            <MemoryMap user={user} />
          </Suspense>
        </Tabs.Content>
        <Tabs.Content value="archived" className="tab">
          <Archived user={user} />
        </Tabs.Content>
        <Tabs.Content value="messages" className="tab">
          <Messages user={user} />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}
