import { Button, Flex, TextArea } from "@radix-ui/themes";
import { Send, Square } from "lucide-react";
import { useState, type FormEvent, type KeyboardEvent } from "react";
import { useWords } from "../../i18n";

interface AskFormProps {
  label: string;
  hint: string;
  busy: boolean;
  /** Whether it was taken; then the field is emptied. */
  onAsk: (question: string) => boolean;
  onStop: () => void;
}

/** Enter asks, Shift and Enter begins a new line. */
export function AskForm({ label, hint, busy, onAsk, onStop }: AskFormProps) {
  const t = useWords();
  const [text, setText] = useState("");
  const ask = () => {
    if (!busy && text.trim() && onAsk(text.trim())) setText("");
  };
  const entered = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask();
  };
  return (
    <form onSubmit={submit}>
      <Flex gap="2" align="end" mt="3">
        <TextArea
          className="grow"
          aria-label={label}
          placeholder={hint}
          rows={2}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={entered}
        />
        {busy ? (
          <Button type="button" variant="soft" color="gray" highContrast onClick={onStop}>
            <Square size={16} aria-hidden />
            {t.playground.stop}
          </Button>
        ) : (
          <Button type="submit" disabled={!text.trim()}>
            <Send size={16} aria-hidden />
            {t.playground.send}
          </Button>
        )}
      </Flex>
    </form>
  );
}
