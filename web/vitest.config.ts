import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['meterwire-source'] },
  ssr: { resolve: { conditions: ['meterwire-source'] } },
  test: {
    environment: 'jsdom',
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'dashboard/{src,test}/**/*.test.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    restoreMocks: true,
    reporters: ['default', './vitest.reporter.ts'],
  },
});
