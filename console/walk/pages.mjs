/** Every page of the console and every tab of it, each with what opens it. */

async function question(page, number, words) {
  await page.locator("form[role=search] input").nth(number).fill(words);
  await page.locator("form[role=search] button").nth(number).click();
  await page.locator(".considered").nth(number).waitFor();
}

/** `user`, `memory`, `passage`, `task`, `failed`, `base`: ids of some that are there. */
export const pages = ({ user, memory, passage, task, failed, base }) => [
  { name: "home", path: "/" },
  {
    name: "palette",
    path: "/",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(".palette [cmdk-item]").first().waitFor();
    },
  },
  { name: "users", path: "/users" },
  { name: "memories", path: `/users/${user}` },
  {
    name: "memories-table",
    path: `/users/${user}`,
    prepare: async (page) => {
      await page.locator("form[role=search] input").fill("Where does she live?");
      await page.keyboard.press("Enter");
      await page.locator(".relevance").first().waitFor();
      await page.locator(".choice [role=radio]").last().click();
    },
  },
  ...["profile", "events", "timeline", "map", "archived", "messages"].map((name) => ({
    name,
    path: `/users/${user}/${name}`,
  })),
  { name: "memory", path: `/memories/${memory}` },
  { name: "passage", path: `/memories/${passage}` },
  {
    name: "search",
    path: "/search",
    prepare: async (page) => {
      await page.locator("input[list]").fill(user);
      await question(page, 0, "Where does Ana live?");
    },
  },
  {
    name: "search-compared",
    path: "/search",
    prepare: async (page) => {
      await page.locator("input[list]").fill(user);
      await page.locator("[role=switch]").click();
      await question(page, 0, "Where does Ana live?");
      await question(page, 1, "What must she not eat?");
    },
  },
  {
    name: "playground",
    path: "/playground",
    prepare: async (page) => {
      await page.locator("input[list]").fill(user);
      await page.locator("[role=switch]").click();
      await page.locator("form textarea").fill("What should I never serve Ana?");
      await page.keyboard.press("Enter");
      await page.locator(".memory-card").first().waitFor();
    },
  },
  {
    name: "playground-compare",
    path: "/playground/compare",
    prepare: async (page) => {
      await page.locator("input[list]").first().fill(user);
      await page.locator("[role=tabpanel] section button").first().click();
      await page.locator("[role=tabpanel] input[list]").nth(2).waitFor();
      await page.locator("[role=tabpanel] input[list]").nth(1).fill("ben");
      await page.locator("[role=tabpanel] input[list]").nth(2).fill("李雷");
      await page.locator("form textarea").fill("What do you know about my work?");
      await page.keyboard.press("Enter");
      await page.locator("form button[type=submit]").waitFor();
      await page.locator(".memory-card").first().waitFor();
    },
  },
  ...["add", "files", "paste", "preview"].map((name) => ({
    name: `playground-${name}`,
    path: `/playground/${name}`,
  })),
  {
    name: "instructions",
    path: "/playground/instructions",
    prepare: async (page) => {
      await page.locator("[role=tabpanel] textarea").first().fill("Never keep prices.");
      await page
        .locator("[role=tabpanel] textarea")
        .last()
        .fill("I live in Rome. I prefer tea, at 3 euros a cup.");
      await page.locator("[role=tabpanel] button").last().click();
      await page.locator("[role=tabpanel] .plain-list").nth(1).waitFor();
    },
  },
  { name: "tasks", path: "/tasks" },
  { name: "task", path: `/tasks/${task}` },
  { name: "task-failed", path: `/tasks/${failed}` },
  { name: "knowledge", path: "/knowledge" },
  {
    name: "knowledge-new",
    path: "/knowledge",
    prepare: async (page) => {
      await page.locator(".page-head button").click();
      await page.locator("[role=dialog]").waitFor();
    },
  },
  { name: "knowledge-base", path: `/knowledge/${base}` },
  { name: "requests", path: "/operations" },
  { name: "models", path: "/operations/models" },
  { name: "queues", path: "/operations/queues" },
  { name: "webhooks", path: "/operations/webhooks" },
  { name: "settings", path: "/operations/settings" },
  { name: "keys", path: "/administration" },
  {
    name: "key-new",
    path: "/administration/keys",
    prepare: async (page) => {
      await page.locator("[role=tabpanel] button").first().click();
      await page.locator("[role=dialog] input").first().fill("CI");
    },
  },
  {
    name: "key-rotate",
    path: "/administration/keys",
    prepare: async (page) => {
      await page.locator("td button").first().click();
      await page.locator("[role=alertdialog]").waitFor();
    },
  },
  {
    name: "audit",
    path: "/administration/audit",
    prepare: (page) => page.locator("td").first().waitFor(),
  },
  { name: "quotas", path: "/administration/quotas" },
  { name: "backup", path: "/administration/backup" },
];
