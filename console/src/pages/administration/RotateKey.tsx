import { AlertDialog, Button, Flex } from "@radix-ui/themes";
import { useState, type ReactNode } from "react";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { PickOne } from "../../parts/controls";
import { useNotes } from "../../parts/notes";
import type { ApiKey, MadeKey } from "../../types";

/** Seconds for which the old secret may work on, the longest that the server takes last. */
const OVERLAPS = ["0", "3600", "86400", "604800"] as const;

interface RotateKeyProps {
  item: ApiKey;
  project: string;
  onMade: (key: MadeKey) => void;
  children: ReactNode;
}

export function RotateKey({ item, project, onMade, children }: RotateKeyProps) {
  const t = useWords();
  const { fail } = useNotes();
  const [overlap, setOverlap] = useState<string>(OVERLAPS[1]);
  const rotate = async () => {
    try {
      onMade(await post<MadeKey>(`project/keys/${item.id}/rotate`, { overlap_s: Number(overlap), project }));
    } catch (error) {
      fail(error);
    }
  };
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger>{children}</AlertDialog.Trigger>
      <AlertDialog.Content maxWidth="420px">
        <AlertDialog.Title>{t.administration.rotateTitle(item.name)}</AlertDialog.Title>
        <AlertDialog.Description mb="4">{t.administration.rotateText}</AlertDialog.Description>
        <PickOne
          label={t.administration.overlap}
          value={overlap}
          options={OVERLAPS.map((seconds) => [seconds, t.administration.overlaps[seconds]])}
          onChange={setOverlap}
        />
        <Flex gap="3" mt="5" justify="end">
          <AlertDialog.Cancel>
            <Button variant="soft" color="gray" highContrast>
              {t.common.cancel}
            </Button>
          </AlertDialog.Cancel>
          <AlertDialog.Action>
            <Button onClick={() => void rotate()}>{t.administration.rotate}</Button>
          </AlertDialog.Action>
        </Flex>
      </AlertDialog.Content>
    </AlertDialog.Root>
  );
}
