import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = process.env.METERWIRE_URL ?? 'http://127.0.0.1:8000';

/** The server's own page never shows sample data, so what makes it up is not even in the build. */
const withoutSample: Plugin = {
  name: 'meterwire-without-sample',
  enforce: 'pre',
  resolveId: (name) => (/\/sample\/client\.(js|ts)$/.test(name) ? '\0no-sample' : undefined),
  load: (id) =>
    id === '\0no-sample'
      ? "export const sampleClient = () => { throw new Error('This page shows no sample data.'); };"
      : undefined,
};

export default defineConfig(({ command }) => ({
  base: '/',
  plugins: [withoutSample, react()],
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
  // The server takes changes only from its own page, which it knows by the host that was asked.
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
}));
