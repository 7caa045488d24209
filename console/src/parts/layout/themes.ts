import { Moon, Sun, SunMoon, type LucideIcon } from "lucide-react";
import type { Choice } from "../appearance";

export const THEMES: [Choice, LucideIcon][] = [
  ["light", Sun],
  ["dark", Moon],
  ["system", SunMoon],
];
