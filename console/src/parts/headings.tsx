/** What stands above a page, and above a part of it. */

import { Box, Card, Flex, Heading, Text } from "@radix-ui/themes";
import { useEffect, type ReactNode } from "react";

export function PageHead({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Souvenir`;
  }, [title]);
  return (
    <Flex className="page-head" align="end" justify="between" gap="4" wrap="wrap">
      <Box minWidth="0">
        <Heading as="h1" size="7" className="wrap">
          {title}
        </Heading>
        {lead && (
          <Text as="div" color="gray" mt="1">
            {lead}
          </Text>
        )}
      </Box>
      {children && (
        <Flex gap="2" wrap="wrap" align="center">
          {children}
        </Flex>
      )}
    </Flex>
  );
}

interface SectionProps {
  title: ReactNode;
  about?: ReactNode;
  side?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Section({ title, about, side, children, className }: SectionProps) {
  return (
    <Card size="3" className={className} asChild>
      <section>
        <Flex justify="between" align="start" gap="3" mb="4" wrap="wrap">
          <div>
            <Heading as="h2" size="3" weight="medium">
              {title}
            </Heading>
            {about && (
              <Text as="div" size="2" color="gray" mt="1">
                {about}
              </Text>
            )}
          </div>
          {side}
        </Flex>
        {children}
      </section>
    </Card>
  );
}
