import { Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Empty, Shown } from "../../parts/states";
import type { Message } from "../../types";
import "../../styles/talk.css";

export function Messages({ user }: { user: string }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["messages", user],
    queryFn: ({ signal }) =>
      post<{ message_detail_list: Message[] }>(
        "get/message",
        { user_id: user, message_limit_number: 50, conversation_limit_number: 50 },
        signal,
      ),
  });
  return (
    <Shown query={query}>
      {({ message_detail_list: messages }) =>
        messages.length === 0 ? (
          <Empty title={t.user.messagesEmpty} icon={MessageSquare} />
        ) : (
          <ol className="talk">
            {messages.map((message, index) => (
              <li key={index} data-role={message.role}>
                <Text as="div" size="1" color="gray">
                  {t.memory.roles[message.role] ?? message.role} · {message.create_time}
                </Text>
                <span className="wrap">{contentText(message.content)}</span>
              </li>
            ))}
          </ol>
        )
      }
    </Shown>
  );
}

/** The words of a message; of a part that is no text, its type. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => (part?.type === "text" ? part.text : `[${part?.type ?? "?"}]`)).join(" ");
}
