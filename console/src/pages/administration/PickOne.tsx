import { Select, Text } from "@radix-ui/themes";
import { useId } from "react";

interface PickOneProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
}

/** One of several, with its name above it. */
export function PickOne({ label, value, options, onChange }: PickOneProps) {
  const name = useId();
  return (
    <div className="labelled">
      <Text as="span" size="2" weight="medium" id={name}>
        {label}
      </Text>
      <Select.Root value={value} onValueChange={onChange}>
        <Select.Trigger aria-labelledby={name} />
        <Select.Content highContrast>
          {options.map(([option, text]) => (
            <Select.Item key={option} value={option}>
              {text}
            </Select.Item>
          ))}
        </Select.Content>
      </Select.Root>
    </div>
  );
}
