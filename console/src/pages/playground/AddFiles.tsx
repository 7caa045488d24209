import { Flex } from "@radix-ui/themes";
import { useWords } from "../../i18n";
import { DropFiles } from "../../parts/DropFiles";
import { Section } from "../../parts/headings";
import { useNotes } from "../../parts/notes";
import { Begun, useAdd } from "./begun";
import type { Owner } from "./talk";

const asDataUrl = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });

export async function part(file: File): Promise<object> {
  const data = await asDataUrl(file);
  return file.type.startsWith("image/")
    ? { type: "image_url", image_url: { url: data } }
    : { type: "file", file: { file_data: data, filename: file.name } };
}

export function AddFiles({ owner }: { owner: Owner }) {
  const t = useWords();
  const { fail } = useNotes();
  const { add, busy, tasks } = useAdd(owner, "files");
  const send = async (files: File[]) => {
    try {
      for (const file of files) await add([{ role: "user", content: [await part(file)] }]);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Flex direction="column" gap="4">
      <Section title={t.playground.tabs.files}>
        <DropFiles busy={busy} onFiles={(files) => void send(files)} />
      </Section>
      <Begun tasks={tasks} />
    </Flex>
  );
}
