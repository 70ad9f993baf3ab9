import { expect, type Page } from '@playwright/test';
import { settled } from '../support/pages.ts';

/** What is seen only after something was done on a page. */
export interface State {
  name: string;
  path: string;
  reach: (page: Page) => Promise<void>;
  /** Only at this width and below. */
  upTo?: number;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();

export const STATES: readonly State[] = [
  {
    name: 'receipt',
    path: '/log',
    reach: async (page) => {
      await button(page, /^Receipt of/).click();
      await expect(page.getByRole('heading', { name: 'Receipt' })).toBeVisible();
      await settled(page);
    },
  },
  {
    name: 'budget-opened',
    path: '/budgets',
    reach: async (page) => {
      await page.getByRole('rowheader').getByRole('button').first().click();
      await expect(page.getByRole('region', { name: /^Budget / })).toBeVisible();
      await settled(page);
    },
  },
  {
    name: 'budget-form',
    path: '/budgets',
    reach: async (page) => button(page, 'Add a budget').click(),
  },
  {
    name: 'key-form',
    path: '/settings/keys',
    reach: async (page) => button(page, 'Make a key').click(),
  },
  {
    name: 'palette',
    path: '/',
    reach: async (page) => {
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
    },
  },
  {
    name: 'palette-nothing',
    path: '/',
    reach: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /^Search pages/ }).fill('no such thing');
    },
  },
  {
    name: 'keys-help',
    path: '/',
    reach: async (page) => page.keyboard.press('?'),
  },
  {
    name: 'menu',
    path: '/',
    upTo: 719,
    reach: async (page) => button(page, 'Menu').click(),
  },
  {
    name: 'range-menu',
    path: '/',
    reach: async (page) => button(page, /^Custom range/).click(),
  },
  {
    name: 'zone-menu',
    path: '/',
    reach: async (page) => button(page, /^Time zone/).click(),
  },
  {
    name: 'usage-stacked',
    path: '/dashboard/:tenant/usage?stack=model&mode=running',
    reach: async () => {},
  },
  {
    name: 'usage-tip',
    path: '/dashboard/:tenant/usage?stack=model',
    reach: async (page) => {
      await page.locator('.mw-trend-hit').nth(8).focus();
    },
  },
  {
    name: 'empty-range',
    path: '/?from=2020-01-01&to=2020-01-03',
    reach: async () => {},
  },
  {
    name: 'server-gone',
    path: '/',
    reach: async (page) => {
      await page.route('**/api/**', (route) => route.abort());
      await page.getByRole('radio', { name: '30 days' }).check();
      await expect(page.getByRole('alert').first()).toBeVisible();
    },
  },
  {
    name: 'not-found',
    path: '/no-such-page',
    reach: async () => {},
  },
];
