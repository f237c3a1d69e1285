// How the page is built: hashed assets under out/renderer, small first chunk, nothing inlined, so that a strict CSP holds.

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    // Electron 45 embeds Chromium 154; light-dark() and nesting stay as written.
    target: 'chrome140',
    cssTarget: 'chrome140',
    // A font as a data: URL would be refused by `font-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
})
