import type { Story } from './types.ts';

const WAIT_MS = 3_000;
const LOOK_MS = 20;

/** Presses the first button of each of these names, one after the other. */
export function press(...names: readonly RegExp[]): Pick<Story, 'play'> {
  return {
    play: async () => {
      for (const name of names) (await buttonOf(name)).click();
    },
  };
}

async function buttonOf(name: RegExp): Promise<HTMLElement> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const all = document.querySelectorAll<HTMLElement>('.story :is(button, summary, [role="radio"])');
    const found = [...all].find((one) => name.test(one.getAttribute('aria-label') ?? one.textContent ?? ''));
    if (found) return found;
    if (Date.now() > end) throw new Error(`no button is called ${name}`);
    await new Promise((wake) => setTimeout(wake, LOOK_MS));
  }
}
