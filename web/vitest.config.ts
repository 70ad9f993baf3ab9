import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const older = (name: string) =>
  fileURLToPath(new URL(`./packages/react-18/node_modules/${name}`, import.meta.url));

export default defineConfig({
  resolve: { conditions: ['meterwire-source'] },
  ssr: { resolve: { conditions: ['meterwire-source'] } },
  test: {
    environment: 'jsdom',
    setupFiles: ['./vitest.setup.ts'],
    restoreMocks: true,
    reporters: ['default', './vitest.reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'web',
          include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'dashboard/{src,test}/**/*.test.{ts,tsx}'],
        },
      },
      {
        // How apps use the package, on the oldest React that it promises to work with.
        extends: true,
        resolve: {
          alias: [
            // Its other form would be loaded as it is, past these names.
            {
              find: /^@testing-library\/react$/,
              replacement: '@testing-library/react/dist/@testing-library/react.esm.js',
            },
            { find: /^react($|\/)/, replacement: `${older('react')}$1` },
            { find: /^react-dom($|\/)/, replacement: `${older('react-dom')}$1` },
          ],
        },
        test: {
          name: 'react 18',
          include: ['packages/react/src/{samples.test.tsx,state/*.test.tsx}'],
          // What brings React along must take the older one too.
          server: { deps: { inline: [/@tanstack/, /@testing-library/, /zustand/] } },
        },
      },
    ],
  },
});
