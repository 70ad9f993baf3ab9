import { expect, type Page } from '@playwright/test';

/** What has the focus shows it: by an outline, or in a chart by a stroke, on itself or on what stands in for it. */
export async function expectFocusSeen(page: Page, what: string): Promise<void> {
  const shown = await page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return 'nothing has the focus';
    const box = focused.getBoundingClientRect();
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
      return 'what has the focus is out of sight';
    }
    // A radio button is drawn by what stands beside it, a bar by the area that catches the pointer.
    const drawn = [focused, focused.nextElementSibling, focused.firstElementChild, focused.closest('dialog')];
    const isMarked = drawn.some((element) => {
      if (!element) return false;
      const { outlineStyle, outlineWidth, outlineColor, stroke, strokeWidth } = getComputedStyle(element);
      const hasOutline =
        outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && outlineColor !== 'transparent';
      const hasStroke =
        element instanceof SVGElement && stroke !== 'none' && Number.parseFloat(strokeWidth) >= 2;
      return hasOutline || hasStroke;
    });
    return isMarked ? '' : `no mark on ${focused.outerHTML.slice(0, 160)}`;
  });
  expect(shown, what).toBe('');
}

/** Presses a key until what is wanted has the focus, which must be visible at every stop on the way. */
export async function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press(key);
    const label = await focusedName(page);
    await expectFocusSeen(page, `after ${[...seen, label].slice(-3).join(' > ')}`);
    if (name.test(label)) return;
    seen.push(label);
  }
  throw new Error(`${name} was not reached; passed: ${seen.join(' > ')}`);
}

/** The accessible name, as far as it is needed to find one's way. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return '';
    const by = focused
      .getAttribute('aria-labelledby')
      ?.split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' ');
    const labels = focused instanceof HTMLInputElement ? [...(focused.labels ?? [])] : [];
    const own =
      focused.getAttribute('aria-label') ?? by ?? labels.map(({ textContent }) => textContent).join(' ');
    return (own || (focused.textContent ?? '')).trim().replace(/\s+/g, ' ');
  });
}
