import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Refusal, show } from '../../testing/render.tsx';
import { price, recording, settingsAnswers } from '../../testing/settingsFixtures.ts';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { PricesTable } from './PricesTable.tsx';

const page = (canChange = true) => (
  <NoticeProvider>
    <PricesTable canChange={canChange} />
  </NoticeProvider>
);

const OVERLAP = new Refusal(409, { error: 'Conflict', code: 'conflict', message: 'Another holds then.' });

test('a model without a price gets one in two steps', async () => {
  const { answer, sent } = recording(() => price({ model: 'large' }));
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Set a price for large' }));
  const form = screen.getByRole('form', { name: 'New price' });
  expect(within(form).queryByRole('textbox', { name: 'Model' })).toBeNull();
  await userEvent.type(within(form).getByRole('textbox', { name: /^Input/ }), '0.5');
  await userEvent.type(within(form).getByRole('textbox', { name: /^Output/ }), '1.5{Enter}');
  await screen.findByText(/Added a price of large/);
  expect(sent).toEqual([
    ['POST', '/api/v1/prices', { provider: 'own', model: 'large', input: '0.5', output: '1.5' }],
  ]);
});

test('a new price from a day on ends the old one there', async () => {
  const { answer, sent } = recording(() => price());
  show(page(), { answer });
  await follow('3');
  await screen.findByText(/Saved the price of small/);
  const rest = { provider: 'own', model: 'small', output: '2' };
  expect(sent).toEqual([
    ['PUT', '/api/v1/prices/p-1', { ...rest, input: '1', valid_from: null, valid_to: '2026-12-01' }],
    ['POST', '/api/v1/prices', { ...rest, input: '3', valid_from: '2026-12-01' }],
  ]);
});

test('where the new price is refused the old one stands as it was', async () => {
  const { answer, sent } = recording((url) => (url.pathname.endsWith('/prices') ? OVERLAP : price()));
  show(page(), { answer });
  await follow('3');
  expect((await screen.findByRole('alert')).textContent).toBe('Another holds then.');
  expect(sent.at(-1)).toEqual([
    'PUT',
    '/api/v1/prices/p-1',
    { provider: 'own', model: 'small', input: '1', output: '2', valid_from: null, valid_to: null },
  ]);
});

async function follow(input: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: 'New from…, price of small' }));
  const form = screen.getByRole('form', { name: 'New price of small' });
  await userEvent.clear(within(form).getByRole('textbox', { name: /^Input/ }));
  await userEvent.type(within(form).getByRole('textbox', { name: /^Input/ }), input);
  await userEvent.click(within(form).getByRole('button', { name: 'Add the new price' }));
  expect(within(form).getByText('Enter the first day of the new price.')).toBeTruthy();
  await userEvent.type(within(form).getByLabelText('First day'), '2026-12-01');
  await userEvent.click(within(form).getByRole('button', { name: 'Add the new price' }));
}

test('prices of a file are added one by one, and what is refused is told with its line', async () => {
  const { answer, sent } = recording((_, body) =>
    (body as { model: string }).model === 'b' ? OVERLAP : price(),
  );
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Import' }));
  const file = new File(['provider,model,input,output\nown,a,1,2\nown,b,1,2\nown,c,x,2\n'], 'prices.csv');
  await userEvent.upload(screen.getByLabelText('CSV or NDJSON'), file);
  const work = await screen.findByRole('list', { name: 'Work' });
  await waitFor(() => expect(work.textContent).toContain('1 price added, 2 rows refused.'));
  expect(work.textContent).toContain('Line 3: Another holds then.');
  expect(work.textContent).toContain('Line 4: input: Enter dollars such as 2.50.');
  expect(sent).toHaveLength(2);
});

test('a file that holds no prices is refused before anything is sent', async () => {
  const { answer, sent } = recording(() => price());
  show(page(), { answer });
  await userEvent.click(await screen.findByRole('button', { name: 'Import' }));
  await userEvent.upload(screen.getByLabelText('CSV or NDJSON'), new File(['a,b\n1,2\n'], 'x.csv'));
  expect((await screen.findByRole('alert')).textContent).toContain('names no column “provider”');
  expect(sent).toEqual([]);
});

test('who may only read sees prices and no way to change them', async () => {
  show(page(false), { answer: settingsAnswers });
  await screen.findByRole('table');
  await userEvent.type(screen.getByRole('searchbox', { name: 'Find a model' }), 'gpt');
  await screen.findByRole('region', { name: 'Built-in prices, table' });
  const names = screen.getAllByRole('button').map((button) => button.textContent);
  expect(names).toEqual(['Save as CSV']);
});
