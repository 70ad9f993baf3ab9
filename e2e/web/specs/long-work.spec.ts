import { readFile } from 'node:fs/promises';
import { call, moment, test } from '../support/money.ts';
import { expect, expectAccessible, signIn } from '../support/test.ts';

const EVENTS = 5_000;

/** A file of events of a tenth of a cent each, and one that is none. */
function file(): Buffer {
  const lines = Array.from({ length: EVENTS }, (_, at) =>
    JSON.stringify({ ...call('0.001'), id: `import-${at}`, source: 'file', time: moment(1, at % 3600) }),
  );
  return Buffer.from([...lines, '{"id":"bad","time":"yesterday"}', ''].join('\n'));
}

test('an import goes on while other pages are looked at, and again stores nothing twice', async ({
  page,
  money,
}) => {
  test.setTimeout(90_000);
  // Held up, so that there is time to look around.
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  await page.route(/\/api\/v1\/events$/, async (route) => {
    await held;
    await route.continue();
  });
  await signIn(page, money.owner, '/settings/data');
  const pick = () =>
    page
      .getByLabel('NDJSON, one event a line')
      .setInputFiles({ name: 'usage.ndjson', mimeType: 'application/x-ndjson', buffer: file() });
  await pick();
  await expect(page.getByRole('meter', { name: 'Import of usage.ndjson' })).toBeVisible();
  await expectAccessible(page);
  await page
    .getByRole('navigation', { name: 'Pages', exact: true })
    .getByRole('link', { name: 'Budgets' })
    .click();
  await expect(page.getByRole('heading', { name: 'Budgets', level: 1 })).toBeVisible();
  const mark = page.getByRole('link', { name: /^Working.*Import of usage\.ndjson/ });
  await expect(mark).toBeVisible();
  await expectAccessible(page);
  release();
  await mark.click();
  const work = page.getByRole('list', { name: 'Work' });
  await expect(work).toContainText('5,000 events stored, 1 event refused.', { timeout: 30_000 });
  await work.getByText('What was refused, and why').click();
  await expect(work).toContainText(`Line ${EVENTS + 1}:`);
  const total = await money.client.usage({ range: '7d', metrics: ['calls', 'cost'] });
  expect(total.total).toMatchObject({ calls: EVENTS, cost_usd: '5' });

  await work.getByRole('button', { name: 'Close: Import of usage.ndjson' }).click();
  await pick();
  await expect(work).toContainText('0 events stored, 5,000 events there already, 1 event refused.', {
    timeout: 30_000,
  });
});

test('an import that is stopped stops, and what was done stays', async ({ page, money }) => {
  await page.route(/\/api\/v1\/events$/, () => {});
  await signIn(page, money.owner, '/settings/data');
  await page
    .getByLabel('NDJSON, one event a line')
    .setInputFiles({ name: 'usage.ndjson', mimeType: 'application/x-ndjson', buffer: file() });
  await page.getByRole('button', { name: 'Stop: Import of usage.ndjson' }).click();
  await expect(page.getByRole('list', { name: 'Work' })).toContainText(
    'What was done until then stays done.',
  );
});

test('an export tells how far it is, and its file is whole', async ({ page, money }) => {
  await money.record([call('1.5'), call('2.25', { project: 'batch' })]);
  await signIn(page, money.owner, '/settings/data');
  await page.getByRole('combobox', { name: 'What' }).selectOption('Every event, NDJSON');
  await page.getByRole('combobox', { name: 'Of when' }).selectOption('Today');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).cost_usd).sort()).toEqual(['1.5', '2.25']);
  await expect(page.getByRole('list', { name: 'Work' })).toContainText('saved.');
});

test('an export is written to the disk while it comes, where the browser can', async ({ page, money }) => {
  await money.record([call('1.5'), call('2.25', { project: 'batch' })]);
  // The file that would be chosen stands in the browser's own storage.
  await page.addInitScript(() => {
    const choose = async ({ suggestedName }: { suggestedName: string }) => {
      const folder = await navigator.storage.getDirectory();
      return folder.getFileHandle(suggestedName, { create: true });
    };
    Object.assign(window, { showSaveFilePicker: choose });
  });
  await signIn(page, money.owner, '/settings/data');
  await expect(page.getByText('it is written there while it comes')).toBeVisible();
  await page.getByRole('combobox', { name: 'What' }).selectOption('Every event, CSV');
  await page.getByRole('combobox', { name: 'Of when' }).selectOption('Today');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Work' })).toContainText(/2 rows, \d+ bytes saved\./);
  const text = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    return (await (await folder.getFileHandle('usage_today.csv')).getFile()).text();
  });
  expect(text.trim().split('\n')).toHaveLength(3);
});

test('an export that is refused says why', async ({ page, money }) => {
  await page.route(/\/api\/v1\/export/, (route) =>
    route.fulfill({
      status: 503,
      json: { detail: { error: 'Busy', code: 'busy', message: 'Four files are being exported already.' } },
    }),
  );
  await signIn(page, money.owner, '/settings/data');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Work' })).toContainText(
    'Four files are being exported already.',
  );
});
