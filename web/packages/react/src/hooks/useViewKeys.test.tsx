import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { MeterwireProvider } from '../state/MeterwireProvider.tsx';
import { useViewKeys } from './useViewKeys.ts';

function Page({ onHelp, hasRange = true }: { onHelp: () => void; hasRange?: boolean }) {
  useViewKeys({ tz: 'UTC', hasRange, onHelp });
  return (
    <>
      <input aria-label="Name" data-mw-search="" />
      <div role="tablist">
        <button type="button">Tab</button>
      </div>
    </>
  );
}

function open(hasRange = true) {
  const onViewChange = vi.fn();
  const onHelp = vi.fn();
  render(
    <MeterwireProvider
      baseUrl="http://meterwire.test"
      fallback={false}
      view={{ range: { preset: '7d' }, filters: {} }}
      onViewChange={onViewChange}
    >
      <Page onHelp={onHelp} hasRange={hasRange} />
    </MeterwireProvider>,
  );
  return { onViewChange, onHelp };
}

const rangeOf = (told: ReturnType<typeof vi.fn>) => told.mock.lastCall?.[0].range;

test('letters choose the period and arrows move it', async () => {
  const { onViewChange, onHelp } = open();
  await userEvent.keyboard('y');
  expect(rangeOf(onViewChange)).toEqual({ preset: 'this_year' });
  await userEvent.keyboard('d{ArrowLeft}');
  expect(rangeOf(onViewChange)).toMatchObject({ from: expect.any(String) });
  await userEvent.keyboard('{ArrowRight}');
  expect(rangeOf(onViewChange)).toEqual({ preset: 'today' });
  await userEvent.keyboard('?');
  expect(onHelp).toHaveBeenCalledOnce();
});

test('none while something is typed, none with a modifier, none that belongs to something else', async () => {
  const { onViewChange, onHelp } = open();
  await userEvent.keyboard('/');
  expect(document.activeElement).toBe(screen.getByLabelText('Name'));
  await userEvent.keyboard('dwmy?/{ArrowLeft}');
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('dwmy?/');
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard('{Control>}d{/Control}{Alt>}w{/Alt}{Meta>}m{/Meta}');
  screen.getByRole('button').focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(onViewChange).not.toHaveBeenCalled();
  expect(onHelp).not.toHaveBeenCalled();
});

test('a page without a range has the other keys only', async () => {
  const { onViewChange, onHelp } = open(false);
  await userEvent.keyboard('d{ArrowLeft}?');
  expect(onViewChange).not.toHaveBeenCalled();
  expect(onHelp).toHaveBeenCalledOnce();
});
