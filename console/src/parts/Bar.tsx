import { Flex, Text } from "@radix-ui/themes";
import type { ReactNode } from "react";

export function Bar({ about, children }: { about: string; children?: ReactNode }) {
  return (
    <Flex justify="between" gap="3" wrap="wrap" align="center" mb="4">
      <Text size="2" color="gray">
        {about}
      </Text>
      {children}
    </Flex>
  );
}
