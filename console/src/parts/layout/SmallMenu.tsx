import { DropdownMenu, IconButton, Text } from "@radix-ui/themes";
import { Languages, LogOut, Menu, Search as Lens } from "lucide-react";
import { useLocation } from "wouter";
import { storeKey } from "../../api";
import { useLocale } from "../../i18n";
import { useAppearance } from "../appearance";
import { isAt, PAGES } from "./navigation";
import { THEMES } from "./themes";

interface SmallMenuProps {
  location: string;
  onPalette: () => void;
}

/** The pages and preferences for narrow screens, behind one button. */
export function SmallMenu({ location, onPalette }: SmallMenuProps) {
  const { t, language, choose } = useLocale();
  const appearance = useAppearance();
  const [, go] = useLocation();
  const here = PAGES.find(([path]) => isAt(location, path));
  return (
    <div className="small-menu">
      <Text size="2" color="gray" truncate>
        {here && t.nav[here[1]]}
      </Text>
      <IconButton variant="soft" color="gray" highContrast aria-label={t.palette.open} onClick={onPalette}>
        <Lens size={18} />
      </IconButton>
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
