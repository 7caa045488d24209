import react from "@vitejs/plugin-react";
import type { Plugin } from "postcss";
import { defineConfig } from "vite";

/**
 * Radix Themes has every utility once more for each of five widths of the screen: half of its styles. The console
 * makes only columns and the direction of lists depend on the width. Nor does it use every component.
 */
const USED_BY_WIDTH = /\\:rt-r-(gtc|orientation)/;
const UNUSED =
  /\.rt-(Inset|Avatar|CheckboxCards|RadioCards|RadioGroup|CheckboxGroup|HoverCard|ContextMenu|TabNav|Blockquote|Kbd|Skeleton|AspectRatio|ThemePanel|Popover|BaseCheckbox|BaseRadio)/;
/** Every colour once more for wide-gamut screens: a tenth of the styles. */
const WIDE_GAMUT = /display-p3|color-gamut/;
const BY_WIDTH = /\.(xs|sm|md|lg|xl)\\:rt-r-/;

const dropUnused = (): Plugin => ({
  postcssPlugin: "drop-unused",
  AtRule(rule) {
    if (WIDE_GAMUT.test(rule.params)) rule.remove();
  },
  Rule(rule) {
    const kept = rule.selectors.filter(
      (selector) => !UNUSED.test(selector) && (!BY_WIDTH.test(selector) || USED_BY_WIDTH.test(selector)),
    );
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  },
});

/** Built into the gateway's package, which serves it: `make console`. */
export default defineConfig({
  base: "/console/",
  plugins: [react()],
  css: { postcss: { plugins: [dropUnused()] } },
  html: { cspNonce: "{{nonce}}" },
  build: {
    outDir: "../services/gateway/console/built",
    emptyOutDir: true,
    license: { fileName: "licenses.txt" },
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
