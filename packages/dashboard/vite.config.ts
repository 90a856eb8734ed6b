import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

// Everything is a file of our own origin: no inline script, no data: script, no eval. The control
// plane serves the build under a Content-Security-Policy that allows nothing else.
export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ["@holdpoint/source", ...defaultClientConditions] },
  build: { target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
