import { Flex, Text } from "@radix-ui/themes";
import { useWords } from "../../i18n";
import { MemoryCard } from "../../parts/items";
import type { Turn } from "./talk";

/** What was recalled for an answer. */
export function Recalled({ recalled }: { recalled: Turn["recalled"] | undefined }) {
  const t = useWords();
  if (!recalled) return <Text color="gray">{t.playground.recalledStart}</Text>;
  if (!recalled.length) return <Text color="gray">{t.playground.recalledNothing}</Text>;
  return (
    <Flex direction="column" gap="3">
      {recalled.map((item) => (
        <MemoryCard key={item.id} item={item} />
      ))}
    </Flex>
  );
}
