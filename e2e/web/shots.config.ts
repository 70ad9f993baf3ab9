import base from './playwright.config.ts';

/** `npm run shots`: no test, but a picture of every page at every width in both themes, to be looked at. */
export default {
  ...base,
  testDir: 'shots',
  testMatch: '*.shots.ts',
  outputDir: 'test-results/shots',
  timeout: 900_000,
  reporter: [['list']] as ['list'][],
};
