import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The stories as a page of their own, straight from the sources. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Served from any folder.
  base: './',
  plugins: [react()],
  resolve: { conditions: ['meterwire-source', 'module', 'browser', 'development|production'] },
  build: { outDir: 'dist', emptyOutDir: true, reportCompressedSize: false, chunkSizeWarningLimit: 4_000 },
});
