/** What is pressed, chosen and moved. */

import {
  AlertDialog,
  Button,
  Flex,
  IconButton,
  SegmentedControl,
  Select,
  Slider,
  Switch,
  Text,
} from "@radix-ui/themes";
import { Check, ChevronLeft, ChevronRight, Copy } from "lucide-react";
import { useCallback, useEffect, useId, useState, type ReactNode } from "react";
import { useWords } from "../i18n";

export function CopyButton({ text }: { text: string }) {
  const t = useWords();
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = () => navigator.clipboard.writeText(text).then(() => setDone(true));
  return (
    <Button size="1" variant="soft" color="gray" highContrast onClick={() => void copy()}>
      {done ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      <span aria-live="polite">{done ? t.common.copied : t.common.copy}</span>
    </Button>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  onConfirm: () => void;
  children: ReactNode;
}

export function Confirm({ title, text, action, onConfirm, children }: ConfirmProps) {
  const t = useWords();
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger>{children}</AlertDialog.Trigger>
      <AlertDialog.Content maxWidth="420px">
        <AlertDialog.Title>{title}</AlertDialog.Title>
        <AlertDialog.Description>{text}</AlertDialog.Description>
        <Flex gap="3" mt="5" justify="end">
          <AlertDialog.Cancel>
            <Button variant="soft" color="gray" highContrast>
              {t.common.cancel}
            </Button>
          </AlertDialog.Cancel>
          <AlertDialog.Action>
            <Button color="red" className="danger" onClick={onConfirm}>
              {action}
            </Button>
          </AlertDialog.Action>
        </Flex>
      </AlertDialog.Content>
    </AlertDialog.Root>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <SegmentedControl.Root
      aria-label={label}
      value={value}
      size="2"
      className="choice"
      onValueChange={(chosen) => onChange(chosen as T)}
    >
      {options.map(([option, text]) => (
        <SegmentedControl.Item key={option} value={option}>
          {text}
        </SegmentedControl.Item>
      ))}
    </SegmentedControl.Root>
  );
}

interface PagerProps {
  page: number;
  pages: number;
  onPage: (page: number) => void;
}

export function Pager({ page, pages, onPage }: PagerProps) {
  const t = useWords();
  if (pages <= 1) return null;
  return (
    <Flex align="center" justify="center" gap="3" mt="4">
      <IconButton
        variant="soft"
        color="gray"
        highContrast
        aria-label={t.common.previous}
        disabled={page <= 1}
        onClick={() => onPage(page - 1)}
      >
        <ChevronLeft size={16} />
      </IconButton>
      <Text size="2" color="gray">
        {t.common.pageOf(page, pages)}
      </Text>
      <IconButton
        variant="soft"
        color="gray"
        highContrast
        aria-label={t.common.next}
        disabled={page >= pages}
        onClick={() => onPage(page + 1)}
      >
        <ChevronRight size={16} />
      </IconButton>
    </Flex>
  );
}

/** A label above its field. */
export function Labelled({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className="labelled">
      <Text as="span" size="2" weight="medium">
        {label}
      </Text>
      {children}
      {hint && (
        <Text as="span" size="1" color="gray">
          {hint}
        </Text>
      )}
    </label>
  );
}

interface ThresholdProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
  onCommit?: (value: number) => void;
}

/** A slider from 0 to 1. Its thumb is what is named, since that is what one moves. */
export function Threshold({ label, value, onChange, onCommit }: ThresholdProps) {
  const name = useCallback(
    (node: HTMLElement | null) => node?.querySelector("[role=slider]")?.setAttribute("aria-label", label),
    [label],
  );
  return (
    <Slider
      ref={name as (node: HTMLDivElement | null) => void}
      size="1"
      min={0}
      max={1}
      step={0.01}
      value={[value]}
      onValueChange={([chosen]) => onChange(chosen ?? 0)}
      onValueCommit={([chosen]) => onCommit?.(chosen ?? 0)}
    />
  );
}

export function Toggle({
  label,
  on,
  onChange,
}: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <Text as="label" size="2">
      <Flex gap="2" align="center">
        <Switch checked={on} onCheckedChange={onChange} />
        {label}
      </Flex>
    </Text>
  );
}

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
