import { Button, DropdownMenu } from "@radix-ui/themes";
import { BookOpen, Languages, LogOut, Search as Lens, SunMoon } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { storeKey } from "../../api";
import { useLocale, useWords } from "../../i18n";
import { useAppearance, type Choice } from "../appearance";
import { isAt, pageOf, PAGES } from "./navigation";
import { SmallMenu } from "./SmallMenu";
import { THEMES } from "./themes";
import { usePalette } from "./usePalette";

export function Layout({ children }: { children: ReactNode }) {
  const t = useWords();
  const [location] = useLocation();
  const main = useFocusOnMove(pageOf(location));
  const palette = usePalette();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t.nav.skip}
      </a>
      <header className="side">
        <Link href="/" className="brand">
          <img src="/console/icon.svg" alt="" width={28} height={28} />
          Souvenir
        </Link>
        <button type="button" className="go-to" aria-keyshortcuts="Control+K Meta+K" onClick={palette.open}>
          <Lens size={16} aria-hidden />
          <span className="grow">{t.palette.open}</span>
          <kbd aria-hidden>{SHORTCUT}</kbd>
        </button>
        <nav className="links" aria-label={t.nav.label}>
          {PAGES.map(([path, name, Icon]) => (
            <Link
              key={path}
              href={path}
              className="link"
              aria-current={isAt(location, path) ? "page" : undefined}
            >
              <Icon size={18} aria-hidden />
              {t.nav[name]}
            </Link>
          ))}
        </nav>
        <div className="corner">
          <Preferences />
        </div>
        <SmallMenu location={location} onPalette={palette.open} />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      {palette.element}
    </div>
  );
}

const SHORTCUT = navigator.platform.startsWith("Mac") ? "⌘ K" : "Ctrl K";

/** Another page begins at its top, also for a screen reader. */
function useFocusOnMove(page: string) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [page]);
  return main;
}

function Preferences() {
  const { t, language, choose } = useLocale();
  return (
    <>
      <a className="link" href="/docs">
        <BookOpen size={18} aria-hidden />
        {t.nav.docs}
      </a>
      <Button
        variant="ghost"
        color="gray"
        highContrast
        lang={language === "en" ? "zh-CN" : "en"}
        aria-label={t.nav.languageLabel}
        onClick={() => choose(language === "en" ? "zh" : "en")}
      >
        <Languages size={18} aria-hidden />
        {t.nav.language}
      </Button>
      <ThemeMenu />
      <Button variant="ghost" color="gray" highContrast onClick={() => storeKey("")}>
        <LogOut size={18} aria-hidden />
        {t.nav.signOut}
      </Button>
    </>
  );
}

function ThemeMenu() {
  const t = useWords();
  const { choice, choose } = useAppearance();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger>
        <Button variant="ghost" color="gray" highContrast>
          <SunMoon size={18} aria-hidden />
          {t.nav.theme}
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Content highContrast>
        <DropdownMenu.RadioGroup value={choice} onValueChange={(value) => choose(value as Choice)}>
          {THEMES.map(([value]) => (
            <DropdownMenu.RadioItem key={value} value={value}>
              {t.nav[value]}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
