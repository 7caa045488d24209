/** The pages of the console, in the order of the menu. */

import {
  Activity,
  Brain,
  House,
  LibraryBig,
  ListChecks,
  MessagesSquare,
  ShieldCheck,
  Telescope,
  type LucideIcon,
} from "lucide-react";
import type { Words } from "../../i18n/en";

export const PAGES: [path: string, name: keyof Words["nav"] & string, icon: LucideIcon][] = [
  ["/", "home", House],
  ["/users", "users", Brain],
  ["/search", "search", Telescope],
  ["/playground", "playground", MessagesSquare],
  ["/tasks", "tasks", ListChecks],
  ["/knowledge", "knowledge", LibraryBig],
  ["/operations", "operations", Activity],
  ["/administration", "administration", ShieldCheck],
];

/** Pages that show one of many: its id belongs to the page, what comes after it is a tab. */
const OF_ONE = ["users", "memories", "tasks", "knowledge"];

/** The page without the tab of it that is open. */
export function pageOf(location: string): string {
  const [, page = "", id = ""] = location.split("/");
  return OF_ONE.includes(page) ? `${page}/${id}` : page;
}

export const isAt = (location: string, path: string): boolean =>
  path === "/"
    ? location === "/"
    : location.startsWith(path) || (path === "/users" && location.startsWith("/memories"));
