/** What one does to a memory. */

import { Button, Flex, TextArea } from "@radix-ui/themes";
import { useQueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Confirm } from "../../parts/controls";
import { useNotes } from "../../parts/notes";
import type { WholeMemory } from "../../types";

function useChange(memory: WholeMemory) {
  const queries = useQueryClient();
  const { say, fail } = useNotes();
  return async (change: object, done: string): Promise<boolean> => {
    try {
      await post("update/memory", { memory_id: memory.memory.id, ...change });
      say(done);
      await queries.invalidateQueries({
        predicate: ({ queryKey }) =>
          !("status" in change && change.status === "deleted" && queryKey[0] === "memory"),
      });
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };
}

export function Actions({ memory, onEdit }: { memory: WholeMemory; onEdit: () => void }) {
  const t = useWords();
  const change = useChange(memory);
  const [, go] = useLocation();
  const archived = memory.memory.status === "archived";
  const remove = async () => {
    if (await change({ status: "deleted" }, t.memory.deleted))
      go(memory.user_id ? `/users/${encodeURIComponent(memory.user_id)}` : "/users");
  };
  return (
    <>
      <Button variant="soft" color="gray" highContrast onClick={onEdit}>
        <Pencil size={16} aria-hidden />
        {t.memory.edit}
      </Button>
      {archived ? (
        <Button
          variant="soft"
          highContrast
          onClick={() => void change({ status: "activated" }, t.memory.restored)}
        >
          <ArchiveRestore size={16} aria-hidden />
          {t.memory.restore}
        </Button>
      ) : (
        <Button
          variant="soft"
          color="gray"
          highContrast
          onClick={() => void change({ status: "archived" }, t.memory.archived)}
        >
          <Archive size={16} aria-hidden />
          {t.memory.archive}
        </Button>
      )}
      <Confirm
        title={t.memory.deleteTitle}
        text={t.memory.deleteText}
        action={t.memory.delete}
        onConfirm={() => void remove()}
      >
        <Button variant="soft" color="red" highContrast>
          <Trash2 size={16} aria-hidden />
          {t.memory.delete}
        </Button>
      </Confirm>
    </>
  );
}

export function Editor({ memory, onDone }: { memory: WholeMemory; onDone: () => void }) {
  const t = useWords();
  const [text, setText] = useState(memory.text);
  const change = useChange(memory);
  const save = async () => {
    if (await change({ content: text.trim() }, t.memory.saved)) onDone();
  };
  return (
    <Flex direction="column" gap="3">
      <TextArea
        aria-label={t.memory.editLabel}
        size="3"
        rows={4}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Flex gap="2" justify="end">
        <Button variant="soft" color="gray" highContrast onClick={onDone}>
          {t.common.cancel}
        </Button>
        <Button disabled={!text.trim() || text.trim() === memory.text} onClick={() => void save()}>
          {t.common.save}
        </Button>
      </Flex>
    </Flex>
  );
}
