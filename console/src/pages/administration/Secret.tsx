import { Button, Callout, Code, Dialog, Flex } from "@radix-ui/themes";
import { TriangleAlert } from "lucide-react";
import { useWords } from "../../i18n";
import { CopyButton } from "../../parts/controls";
import type { MadeKey } from "../../types";
import "../../styles/administration.css";

/** The secret of a new key, which cannot be read again. */
export function Secret({ made, onClose }: { made: MadeKey | null; onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog.Root open={made !== null}>
      <Dialog.Content
        maxWidth="480px"
        aria-describedby={undefined}
        onEscapeKeyDown={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
      >
        <Dialog.Title>{t.administration.secretOf(made?.name ?? "")}</Dialog.Title>
        <Flex direction="column" gap="4">
          <Callout.Root color="amber" highContrast size="1">
            <Callout.Icon>
              <TriangleAlert size={16} />
            </Callout.Icon>
            <Callout.Text>{t.administration.secretOnce}</Callout.Text>
          </Callout.Root>
          <Flex className="secret" gap="3" align="center" justify="between">
            <Code variant="ghost" color="gray" highContrast className="wrap" data-secret>
              {made?.key}
            </Code>
            <CopyButton text={made?.key ?? ""} />
          </Flex>
          <Flex justify="end">
            <Button onClick={onClose}>{t.administration.secretKept}</Button>
          </Flex>
        </Flex>
      </Dialog.Content>
    </Dialog.Root>
  );
}
