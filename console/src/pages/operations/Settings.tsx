import { Badge, Code, Flex, Text, TextField } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Search as Lens } from "lucide-react";
import { useState } from "react";
import { get } from "../../api";
import { useWords } from "../../i18n";
import { Bar } from "../../parts/Bar";
import { Toggle } from "../../parts/controls";
import { ListingCard, type Column } from "../../parts/Listing";
import { Shown } from "../../parts/states";
import type { Setting } from "../../types";

export function Settings() {
  const t = useWords();
  const [wanted, setWanted] = useState("");
  const [onlyChanged, setOnlyChanged] = useState(false);
  const query = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => get<Setting[]>("console/settings", signal),
  });
  const isShown = (setting: Setting) => matches(setting, wanted) && !(onlyChanged && setting.default);
  const columns: Column<Setting>[] = [
    { head: t.operations.setting, cell: (setting) => <Name setting={setting} /> },
    { head: t.operations.value, cell: (setting) => <Value setting={setting} /> },
  ];
  return (
    <>
      <Bar about={t.operations.settingsAbout}>
        <Flex gap="4" wrap="wrap" align="center">
          <Toggle label={t.operations.onlyChanged} on={onlyChanged} onChange={setOnlyChanged} />
          <TextField.Root
            aria-label={t.operations.find}
            placeholder={t.operations.find}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          >
            <TextField.Slot>
              <Lens size={16} aria-hidden />
            </TextField.Slot>
          </TextField.Root>
        </Flex>
      </Bar>
      <Shown query={query}>
        {(settings) => (
          <ListingCard rows={settings.filter(isShown)} columns={columns} keyOf={({ name }) => name} />
        )}
      </Shown>
    </>
  );
}

const matches = ({ name, meaning }: Setting, wanted: string): boolean =>
  `${name} ${meaning}`.toLowerCase().includes(wanted.trim().toLowerCase());

function Name({ setting }: { setting: Setting }) {
  return (
    <>
      <Code variant="ghost" color="gray" highContrast className="wrap">
        {setting.name}
      </Code>
      <Text as="div" size="1" color="gray" lang="en">
        {setting.meaning}
      </Text>
    </>
  );
}

function Value({ setting }: { setting: Setting }) {
  const t = useWords();
  return (
    <Flex gap="2" align="center" wrap="wrap">
      <Plain setting={setting} />
      {!setting.default && <Badge highContrast>{t.operations.changed}</Badge>}
    </Flex>
  );
}

function Plain({ setting }: { setting: Setting }) {
  const t = useWords();
  if (setting.secret)
    return (
      <Badge color="gray" highContrast>
        {setting.value ? t.operations.set : t.operations.notSet}
      </Badge>
    );
  if (!setting.value) return <Text color="gray">{t.operations.notSet}</Text>;
  return (
    <Code variant="ghost" color="gray" highContrast className="wrap">
      {setting.value}
    </Code>
  );
}
