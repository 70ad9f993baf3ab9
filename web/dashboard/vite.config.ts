import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.METERWIRE_URL ?? 'http://127.0.0.1:8000';

export default defineConfig(({ command }) => ({
  base: '/',
  plugins: [react()],
  // While developing, the packages are read from their source; a build uses what they ship.
  resolve:
    command === 'serve' ? { conditions: ['meterwire-source', 'module', 'browser', 'development'] } : {},
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing is inlined: the server's content policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': server } },
}));
