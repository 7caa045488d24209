const SPEAKER = /^\s*(user|assistant|system|用户|助手)\s*[:：]\s*/i;
const ROLES: Record<string, string> = { 用户: "user", 助手: "assistant" };

/** Lines that begin with a speaker begin a message, others go on with the one before. */
export function readTalk(text: string): { role: string; content: string }[] {
  const messages: { role: string; content: string }[] = [];
  for (const line of text.split("\n")) {
    const speaker = SPEAKER.exec(line)?.[1];
    if (speaker) {
      const role = ROLES[speaker] ?? speaker.toLowerCase();
      messages.push({ role, content: line.replace(SPEAKER, "") });
    } else if (messages.length && line.trim()) {
      messages[messages.length - 1]!.content += `\n${line}`;
    }
  }
  return messages.filter(({ content }) => content.trim());
}
