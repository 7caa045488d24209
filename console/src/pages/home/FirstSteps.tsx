import { Box, Button, Code, Flex, IconButton, Tabs, Tooltip } from "@radix-ui/themes";
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { storedKey } from "../../api";
import { useWords } from "../../i18n";
import { CopyButton } from "../../parts/controls";
import { Section } from "../../parts/headings";
import { snippets } from "./snippets";

export function FirstSteps() {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const key = storedKey();
  const hidden = `${key.slice(0, 4)}${"•".repeat(8)}`;
  return (
    <Section
      title={t.home.firstSteps}
      about={t.home.firstStepsAbout}
      side={
        <Tooltip content={open ? t.home.hideKey : t.home.revealKey}>
          <IconButton
            variant="ghost"
            color="gray"
            highContrast
            aria-label={open ? t.home.hideKey : t.home.revealKey}
            onClick={() => setOpen(!open)}
          >
            {open ? <EyeOff size={16} /> : <Eye size={16} />}
          </IconButton>
        </Tooltip>
      }
    >
      <Tabs.Root defaultValue="curl">
        <Tabs.List highContrast>
          {Object.keys(snippets("", "")).map((name) => (
            <Tabs.Trigger key={name} value={name}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {Object.entries(snippets(location.origin, open ? key : hidden)).map(([name, text]) => (
          <Tabs.Content key={name} value={name}>
            <Box className="snippet" mt="3">
              <pre tabIndex={0}>
                <Code variant="ghost" highContrast color="gray">
                  {text}
                </Code>
              </pre>
              <Flex className="snippet-copy">
                <CopyButton text={snippets(location.origin, key)[name] ?? ""} />
              </Flex>
            </Box>
          </Tabs.Content>
        ))}
      </Tabs.Root>
      <Flex mt="4" gap="3" wrap="wrap">
        <Button asChild variant="soft" highContrast>
          <Link href="/playground">{t.nav.playground}</Link>
        </Button>
        <Button asChild variant="soft" color="gray" highContrast>
          <a href="/docs">{t.nav.docs}</a>
        </Button>
      </Flex>
    </Section>
  );
}
