import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { CopyBlock } from './CopyBlock.tsx';

test('copies the text and says so', async () => {
  const user = userEvent.setup();
  render(<CopyBlock label="Command" text="curl x" />);
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(await navigator.clipboard.readText()).toBe('curl x');
  expect(screen.getByRole('status').textContent).toBe('Copied');
});

test('says what to do where the browser refuses', async () => {
  const user = userEvent.setup();
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'));
  render(<CopyBlock label="Command" text="curl x" />);
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(screen.getByRole('status').textContent).toContain('Select the text instead');
});
