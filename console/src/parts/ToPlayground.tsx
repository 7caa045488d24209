import { Button } from "@radix-ui/themes";
import { Link } from "wouter";
import { useWords } from "../i18n";

/** The way out of a page that has nothing to show yet. */
export function ToPlayground() {
  const t = useWords();
  return (
    <Button asChild variant="soft" highContrast mt="2">
      <Link href="/playground/add">{t.playground.addFirst}</Link>
    </Button>
  );
}
