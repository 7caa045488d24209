import { Flex, Heading, Text } from "@radix-ui/themes";
import type { ReactNode } from "react";
import { useFormat, useWords } from "../../i18n";
import type { WholeMemory } from "../../types";

/** The text, what is outdated in it struck out. */
export function Words({ memory }: { memory: WholeMemory }) {
  const { reasoning, experience, tool_used_status: tools, skill_value: skill } = memory.memory;
  const t = useWords();
  const format = useFormat();
  return (
    <Flex direction="column" gap="3">
      {skill?.name && <Heading size="4">{skill.name}</Heading>}
      <Text size="5" className="wrap memory-words">
        {marked(memory)}
      </Text>
      {reasoning && <Aside name={t.memory.reasoning}>{reasoning}</Aside>}
      {experience && <Aside name={t.memory.experience}>{experience}</Aside>}
      {skill?.procedure && <Text className="wrap pre">{skill.procedure}</Text>}
      {tools?.map((tool) => (
        <Aside key={tool.used_tool} name={tool.used_tool}>
          {t.memory.successRate} {format.number(tool.success_rate * 100)} %
          {tool.error_type && ` · ${tool.error_type}`}
        </Aside>
      ))}
    </Flex>
  );
}

function Aside({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Text color="gray" className="wrap">
      <Text weight="medium">{name}: </Text>
      {children}
    </Text>
  );
}

export function marked({ text, changes }: WholeMemory): ReactNode {
  const outdated = [...changes].sort((one, other) => one.start - other.start);
  const pieces: ReactNode[] = [];
  let from = 0;
  for (const change of outdated) {
    if (change.start < from) continue;
    pieces.push(
      text.slice(from, change.start),
      <del key={change.start}>{text.slice(change.start, change.end)}</del>,
    );
    from = change.end;
  }
  return [...pieces, text.slice(from)];
}
