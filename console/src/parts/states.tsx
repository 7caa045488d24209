/** What a page shows while it has nothing, or something went wrong. */

import { Button, Callout, Flex, Spinner, Text } from "@radix-ui/themes";
import { CircleAlert, Inbox, Lock, type LucideIcon } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { isForbidden } from "../api";
import { useWords } from "../i18n";
import { problemText } from "./problem";

export function Loading() {
  const t = useWords();
  return (
    <Flex className="state" align="center" justify="center" gap="3" role="status">
      <Spinner size="3" />
      <Text color="gray">{t.common.loading}</Text>
    </Flex>
  );
}

interface EmptyProps {
  title: string;
  hint?: string;
  icon?: LucideIcon;
  children?: ReactNode;
}

export function Empty({ title, hint, icon: Icon = Inbox, children }: EmptyProps) {
  return (
    <Flex className="state" direction="column" align="center" justify="center" gap="2">
      <span className="state-icon" aria-hidden>
        <Icon size={22} />
      </span>
      <Text weight="medium">{title}</Text>
      {hint && (
        <Text size="2" color="gray" align="center" className="narrow">
          {hint}
        </Text>
      )}
      {children}
    </Flex>
  );
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useWords();
  return (
    <Callout.Root color="red" role="alert" highContrast>
      <Callout.Icon>
        <CircleAlert size={16} />
      </Callout.Icon>
      <Callout.Text>
        <strong>{t.problem.title}.</strong> {problemText(error, t)}
      </Callout.Text>
      {retry && (
        <Button variant="soft" color="red" highContrast size="1" onClick={retry} className="start">
          {t.common.retry}
        </Button>
      )}
    </Callout.Root>
  );
}

/** Instead of a page that the key may not see. */
function Forbidden() {
  const t = useWords();
  return (
    <div role="alert">
      <Empty title={t.problem.forbidden} hint={t.problem.forbiddenHint} icon={Lock} />
    </div>
  );
}

interface ShownProps<T> {
  query: { data: T | undefined; error: Error | null; refetch: () => unknown };
  children: (data: T) => ReactNode;
}

/**
 * The data of a query once it is there, with the problem above it while it cannot be refreshed. A query that has never
 * had data forgets its error whenever it tries again: it is kept here until something comes.
 */
export function Shown<T>({ query, children }: ShownProps<T>) {
  const last = useRef<Error | null>(null);
  if (query.error) last.current = query.error;
  else if (query.data !== undefined) last.current = null;
  if (query.data === undefined && !last.current) return <Loading />;
  if (isForbidden(last.current)) return <Forbidden />;
  return (
    <>
      {last.current && <Problem error={last.current} retry={() => void query.refetch()} />}
      {query.data !== undefined && children(query.data)}
    </>
  );
}
