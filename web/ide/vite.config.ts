import { defineConfig } from "vite";

// The server hands out index.html at /graphql and everything else below /ide/,
// so the addresses in the page begin with /ide/ instead of being relative to the page.
export default defineConfig({
  base: "/ide/",
  build: {
    outDir: "../../offerpath/static/ide",
    emptyOutDir: true,
    target: "es2022",
    // GraphiQL itself is one megabyte, read once and cached.
    chunkSizeWarningLimit: 1100,
    rolldownOptions: {
      // "use client" speaks to server frameworks; there is none here.
      onLog(level, log, report) {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
  },
});
