import { Button, Text } from "@radix-ui/themes";
import { FileUp } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { useWords } from "../i18n";
import "../styles/tasks.css";

/** Where files are dropped or chosen. */
export function DropFiles({ busy, onFiles }: { busy: boolean; onFiles: (files: File[]) => void }) {
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length) onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      className="drop"
      data-over={over}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      <FileUp size={28} aria-hidden />
      <Text>{t.playground.drop}</Text>
      <Text size="2" color="gray">
        {t.playground.dropHint}
      </Text>
      <Button variant="soft" highContrast loading={busy} onClick={() => input.current?.click()}>
        {t.playground.choose}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t.playground.choose}
        onChange={(event) => {
          if (event.target.files?.length) onFiles([...event.target.files]);
          event.target.value = "";
        }}
      />
    </div>
  );
}
