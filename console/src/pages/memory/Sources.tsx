import { Badge, Flex, Text } from "@radix-ui/themes";
import { Link } from "wouter";
import { useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Section } from "../../parts/headings";
import type { WholeMemory } from "../../types";
import "../../styles/talk.css";

export function Sources({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  const nothing = !memory.messages.length && !memory.pages.length;
  return (
    <Section title={t.memory.sources}>
      {nothing && <Text color="gray">{t.memory.noSources}</Text>}
      {memory.pages.map((page) => (
        <Flex key={`${page.file} ${page.page}`} gap="2" mb="2">
          <Badge color="gray" highContrast className="wrap">
            {page.file}
          </Badge>
          {page.page > 0 && <Text color="gray">{t.memory.page(page.page)}</Text>}
        </Flex>
      ))}
      {memory.passages.length > 0 && <Passages memory={memory} />}
      <ol className="talk">
        {memory.messages.map((message) => (
          <li key={message.id} data-role={message.role} data-marked={message.marked}>
            <Text as="div" size="1" color="gray">
              {t.memory.roles[message.role] ?? message.role} · <Ago at={message.at} />
              {message.marked && ` · ${t.memory.readFrom}`}
            </Text>
            <span className="wrap">{message.text}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** The page of the document, its own passage marked. */
function Passages({ memory }: { memory: WholeMemory }) {
  const t = useWords();
  return (
    <ol className="document">
      {memory.passages.map((passage) => (
        <li key={passage.memory_id} data-marked={passage.marked}>
          {passage.marked ? (
            <>
              <Text as="div" size="1" color="gray">
                {t.memory.readFromPassage}
              </Text>
              <mark className="wrap pre">{passage.text}</mark>
            </>
          ) : (
            <Link href={`/memories/${passage.memory_id}`} className="wrap pre">
              {passage.text}
            </Link>
          )}
        </li>
      ))}
    </ol>
  );
}
