import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Built into the gateway's package, which serves it: `make console`. */
export default defineConfig({
  base: "/console/",
  plugins: [react()],
  html: { cspNonce: "{{nonce}}" },
  build: {
    outDir: "../services/gateway/console/built",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
