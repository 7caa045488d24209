/** Small pieces that several pages use. */

import {
  AlertDialog,
  Badge,
  Box,
  Button,
  Card,
  Flex,
  Heading,
  IconButton,
  SegmentedControl,
  Slider,
  Text,
  TextField,
} from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { Check, ChevronLeft, ChevronRight, Copy, UserRound } from "lucide-react";
import { useCallback, useEffect, useId, useState, type ReactNode } from "react";
import { get } from "../api";
import { useFormat, useWords } from "../i18n";
import type { Item, Kind, State, UserCounts } from "../types";

export const KIND_COLOURS = { fact: "iris", preference: "pink", tool: "amber", skill: "teal" } as const;
export const STATE_COLOURS = {
  queued: "gray",
  running: "blue",
  completed: "green",
  failed: "red",
  dead: "red",
  cancelled: "gray",
} as const;

export function PageHead({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Souvenir`;
  }, [title]);
  return (
    <Flex className="page-head" align="end" justify="between" gap="4" wrap="wrap">
      <Box minWidth="0">
        <Heading as="h1" size="7" className="wrap">
          {title}
        </Heading>
        {lead && (
          <Text as="div" color="gray" mt="1">
            {lead}
          </Text>
        )}
      </Box>
      {children && (
        <Flex gap="2" wrap="wrap" align="center">
          {children}
        </Flex>
      )}
    </Flex>
  );
}

interface SectionProps {
  title: ReactNode;
  about?: ReactNode;
  side?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Section({ title, about, side, children, className }: SectionProps) {
  return (
    <Card size="3" className={className} asChild>
      <section>
        <Flex justify="between" align="start" gap="3" mb="4" wrap="wrap">
          <div>
            <Heading as="h2" size="3" weight="medium">
              {title}
            </Heading>
            {about && (
              <Text as="div" size="2" color="gray" mt="1">
                {about}
              </Text>
            )}
          </div>
          {side}
        </Flex>
        {children}
      </section>
    </Card>
  );
}

export function KindBadge({ kind }: { kind: Kind }) {
  const t = useWords();
  return (
    <Badge color={KIND_COLOURS[kind]} highContrast>
      {t.kinds[kind]}
    </Badge>
  );
}

export function StateBadge({ state }: { state: State }) {
  const t = useWords();
  return (
    <Badge color={STATE_COLOURS[state]} highContrast className={state === "running" ? "moving" : undefined}>
      {t.tasks.states[state]}
    </Badge>
  );
}

/** A time as "2 hours ago", and exactly when one points at it. */
export function Ago({ at }: { at: number }) {
  const format = useFormat();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.time(at)}>
      {format.ago(at)}
    </time>
  );
}

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

const USER = "souvenir.user";

/** The user that was last worked with, in all pages. */
export function useUser(): [string, (user: string) => void] {
  const [user, setUser] = useState(() => sessionStorage.getItem(USER) ?? "");
  const { data } = useUsers();
  const first = data?.[0]?.user_id;
  useEffect(() => {
    if (!user && first) setUser(first);
  }, [user, first]);
  return [
    user,
    (chosen) => {
      sessionStorage.setItem(USER, chosen);
      setUser(chosen);
    },
  ];
}

export const useUsers = () =>
  useQuery({ queryKey: ["users"], queryFn: ({ signal }) => get<UserCounts[]>("console/users", signal) });

/** A user's name, with those that exist to choose from. */
export function UserField({ user, onChange }: { user: string; onChange: (user: string) => void }) {
  const t = useWords();
  const { data = [] } = useUsers();
  const list = useId();
  return (
    <Labelled label={t.common.user}>
      <TextField.Root
        value={user}
        list={list}
        maxLength={100}
        placeholder={t.common.userHint}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      >
        <TextField.Slot>
          <UserRound size={16} aria-hidden />
        </TextField.Slot>
      </TextField.Root>
      <datalist id={list}>
        {data.slice(0, 200).map((each) => (
          <option key={each.user_id} value={each.user_id} />
        ))}
      </datalist>
    </Labelled>
  );
}

/** The words of a memory of any kind. */
export function textOf(item: Item): string {
  return (
    item.memory_value ?? item.preference ?? item.tool_value ?? item.skill_value?.description ?? item.skill_value?.name ?? ""
  );
}

/** Its short name, where it has one that says something of its own. */
export function titleOf(item: Item): string {
  const title = item.memory_key ?? item.skill_value?.name ?? "";
  return title && !textOf(item).startsWith(title.replace(/(\.\.\.|…)$/, "")) ? title : "";
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

/** 0..1 as a bar with its number. */
export function Relevance({ value }: { value: number }) {
  const format = useFormat();
  return (
    <span className="relevance">
      <svg className="relevance-track" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
        <rect width="100" height="6" className="track" />
        <rect width={value * 100} height="6" className="bar" />
      </svg>
      <span className="figure">{format.number(value, 2)}</span>
    </span>
  );
}
