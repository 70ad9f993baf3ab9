import type { Page } from '@playwright/test';

const DIGITS = 12;

/** `$1,234.5` or `−$0.1` in units of 10^-12 dollars: exact, never a float. */
export function dollars(text: string): bigint {
  const match = /^([+−-]?)\$([\d,]+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) throw new Error(`not an amount: ${JSON.stringify(text)}`);
  const [, sign, whole = '0', fraction = ''] = match;
  const scaled = BigInt(whole.replaceAll(',', '') + fraction.padEnd(DIGITS, '0'));
  return sign === '−' || sign === '-' ? -scaled : scaled;
}

export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

/** The costs of all rows of the log, page after page, as they are written in full. */
export async function costsOfLog(page: Page): Promise<bigint[]> {
  const costs: bigint[] = [];
  const pager = page.getByRole('navigation', { name: 'Pages of the log' });
  for (;;) {
    const shown = await pager.getByRole('status').textContent();
    const titles = await page
      .locator('td.mw-event-cost')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
    costs.push(...titles.filter(Boolean).map(dollars));
    const next = pager.getByRole('button', { name: 'Next page' });
    if ((await next.getAttribute('aria-disabled')) === 'true') return costs;
    await next.click();
    // The next rows are there when the pager says so.
    await page.waitForFunction((before) => {
      const card = document.querySelector('.mw-card-log');
      const text = card?.querySelector('.mw-pager-text')?.textContent;
      return text !== before && card?.getAttribute('aria-busy') !== 'true';
    }, shown);
  }
}
