import { Button, Flex, TextArea } from "@radix-ui/themes";
import { Section } from "../../parts/headings";

interface TextFormProps {
  title: string;
  about?: string;
  label: string;
  hint: string;
  rows: number;
  text: string;
  onText: (text: string) => void;
  action: string;
  busy: boolean;
  onSend: () => void;
}

/** A text to write or to paste, and what is done with it. */
export function TextForm({ title, about, label, hint, rows, text, onText, action, busy, onSend }: TextFormProps) {
  return (
    <Section title={title} about={about}>
      <Flex direction="column" gap="3">
        <TextArea
          aria-label={label}
          size="3"
          rows={rows}
          placeholder={hint}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
        <Flex justify="end">
          <Button loading={busy} disabled={!text.trim()} onClick={onSend}>
            {action}
          </Button>
        </Flex>
      </Flex>
    </Section>
  );
}
