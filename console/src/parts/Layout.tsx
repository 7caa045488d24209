import { Button, DropdownMenu, IconButton, Text } from "@radix-ui/themes";
import {
  Activity,
  BookOpen,
  Brain,
  House,
  Languages,
  LibraryBig,
  ListChecks,
  LogOut,
  Menu,
  MessagesSquare,
  Moon,
  ShieldCheck,
  Sun,
  SunMoon,
  Telescope,
  type LucideIcon,
} from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { storeKey } from "../api";
import { useLocale } from "../i18n";
import type { Words } from "../i18n/en";
import { useAppearance, type Choice } from "./appearance";

const PAGES: [path: string, name: keyof Words["nav"], icon: LucideIcon][] = [
  ["/", "home", House],
  ["/users", "users", Brain],
  ["/search", "search", Telescope],
  ["/playground", "playground", MessagesSquare],
  ["/tasks", "tasks", ListChecks],
  ["/knowledge", "knowledge", LibraryBig],
  ["/operations", "operations", Activity],
  ["/administration", "administration", ShieldCheck],
];

const isAt = (location: string, path: string): boolean =>
  path === "/"
    ? location === "/"
    : location.startsWith(path) || (path === "/users" && location.startsWith("/memories"));

export function Layout({ children }: { children: ReactNode }) {
  const { t } = useLocale();
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [location]);
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
        <nav className="links" aria-label={t.nav.label}>
          {PAGES.map(([path, name, Icon]) => (
            <Link key={path} href={path} className="link" aria-current={isAt(location, path) ? "page" : undefined}>
              <Icon size={18} aria-hidden />
              {t.nav[name]}
            </Link>
          ))}
        </nav>
        <div className="corner">
          <Preferences />
        </div>
        <SmallMenu location={location} />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Preferences() {
  const { t, language, choose } = useLocale();
  return (
    <>
      <a className="link quiet" href="/docs">
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

const THEMES: [Choice, LucideIcon][] = [
  ["light", Sun],
  ["dark", Moon],
  ["system", SunMoon],
];

function ThemeMenu() {
  const { t } = useLocale();
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

/** The same for narrow screens, behind one button. */
function SmallMenu({ location }: { location: string }) {
  const { t, language, choose } = useLocale();
  const appearance = useAppearance();
  const [, go] = useLocation();
  const here = PAGES.find(([path]) => isAt(location, path));
  return (
    <div className="small-menu">
      <Text size="2" color="gray" truncate>
        {here && t.nav[here[1]]}
      </Text>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger>
          <IconButton variant="soft" color="gray" highContrast aria-label={t.nav.menu}>
            <Menu size={18} />
          </IconButton>
        </DropdownMenu.Trigger>
        <DropdownMenu.Content highContrast>
          {PAGES.map(([path, name, Icon]) => (
            <DropdownMenu.Item key={path} onSelect={() => go(path)}>
              <Icon size={16} aria-hidden /> {t.nav[name]}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator />
          <DropdownMenu.Item
            lang={language === "en" ? "zh-CN" : "en"}
            onSelect={() => choose(language === "en" ? "zh" : "en")}
          >
            <Languages size={16} aria-hidden /> {t.nav.language}
          </DropdownMenu.Item>
          {THEMES.map(([value, Icon]) => (
            <DropdownMenu.CheckboxItem
              key={value}
              checked={appearance.choice === value}
              onSelect={() => appearance.choose(value)}
            >
              <Icon size={16} aria-hidden /> {t.nav[value]}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Separator />
          <DropdownMenu.Item onSelect={() => storeKey("")}>
            <LogOut size={16} aria-hidden /> {t.nav.signOut}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
    </div>
  );
}
