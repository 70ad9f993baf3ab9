import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { show } from '../../testing/render.tsx';
import { First } from './First.tsx';

const list = (count: number) => (
  <First items={Array.from({ length: count }, (_, at) => at)} one="row">
    {(shown) => <p>drawn: {shown.length}</p>}
  </First>
);

test('a short list is drawn whole, and nothing is said of more', () => {
  show(list(100));
  expect(screen.getByText('drawn: 100')).toBeDefined();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a long one shows its beginning, then more of it until all is there', async () => {
  const user = userEvent.setup();
  show(list(250));
  expect(screen.getByText('drawn: 100')).toBeDefined();
  expect(screen.getByRole('status').textContent).toBe('100 of 250 rows shown');
  await user.click(screen.getByRole('button', { name: 'Show more' }));
  await user.click(screen.getByRole('button', { name: 'Show more' }));
  expect(screen.getByText('drawn: 250')).toBeDefined();
  expect(screen.queryByRole('button')).toBeNull();
});
