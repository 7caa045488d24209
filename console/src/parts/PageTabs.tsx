import { Tabs } from "@radix-ui/themes";
import type { ReactNode } from "react";

interface PageTabsProps<Name extends string> {
  tabs: readonly (readonly [name: Name, label: string, content: ReactNode])[];
  /** The one that is open, where the address says it; else the first one is at the beginning. */
  value?: Name;
  onChange?: (name: Name) => void;
}

/** The parts of a page, one at a time. */
export function PageTabs<Name extends string>({ tabs, value, onChange }: PageTabsProps<Name>) {
  return (
    <Tabs.Root
      value={value}
      defaultValue={value === undefined ? tabs[0]?.[0] : undefined}
      onValueChange={(chosen) => onChange?.(chosen as Name)}
    >
      <Tabs.List highContrast className="scrolling">
        {tabs.map(([name, label]) => (
          <Tabs.Trigger key={name} value={name}>
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map(([name, , content]) => (
        <Tabs.Content key={name} value={name} className="tab">
          {content}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
