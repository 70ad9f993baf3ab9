import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { Server } from '../support/server.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, expectTotals, test } from '../support/test.ts';

const run = promisify(execFile);

const command = (page: Page) =>
  page.getByRole('region', { name: 'Command that sends the first event' }).innerText();

test('an empty server leads to a tenant, a key and a first event, and the page fills by itself', async ({
  page,
}) => {
  const server = await Server.start();
  try {
    await page.goto(`${server.url}/login#token=${server.adminToken}`);
    await expect(page.getByRole('heading', { name: 'No tenants yet' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme Robotics');
    await expect(page.getByRole('textbox', { name: 'Name in addresses' })).toHaveValue('acme-robotics');
    await page.getByRole('button', { name: 'Make the tenant' }).click();

    await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible();
    await expect(page).toHaveURL(/tenant=acme-robotics/);
    await expect(page.getByText('Listening. The first event is shown the moment it arrives.')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await expect(page.getByRole('region', { name: 'Token of Backend' })).toHaveText(/^mw_/);
    await expectAccessible(page);

    // As it stands, in a shell.
    const { stdout } = await run('sh', ['-c', await command(page)]);
    expect(JSON.parse(stdout)).toMatchObject({ stored: 1 });
    // Nothing is reloaded or clicked.
    await expectTotals(page, { calls: '1', tokens: '1,500', cost: '$0.006', errors: '0' });
  } finally {
    await server.stop();
  }
});

test('the commands in Python and JavaScript run as they stand', async ({ page, world }) => {
  const { server } = world;
  await server.createTenant('snippets', 'Snippets');
  await page.goto(`/login#token=${await server.createKey('snippets', 'owner')}`);
  await page.getByRole('button', { name: 'Make a key' }).click();
  await expect(page.getByRole('region', { name: 'Token of Backend' })).toBeVisible();
  const folder = await mkdtemp(join(tmpdir(), 'meterwire-snippets-'));
  try {
    await page.getByRole('tab', { name: 'Python' }).click();
    await writeFile(join(folder, 'first.py'), await command(page));
    await page.getByRole('tab', { name: 'JavaScript' }).click();
    await writeFile(join(folder, 'first.mjs'), await command(page));
    await expectAccessible(page);
    const python = await run('python3', [join(folder, 'first.py')]);
    expect(JSON.parse(python.stdout)).toMatchObject({ stored: 1 });
    await expectTotals(page, { calls: '1', tokens: '1,500', cost: '$0.006', errors: '0' });
    const node = await run(process.execPath, [join(folder, 'first.mjs')], {
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    expect(node.stdout).toContain('stored: 1');
    await page.reload();
    await expectTotals(page, { calls: '2', tokens: '3,000', cost: '$0.012', errors: '0' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the first run fits a small phone', async ({ page, world }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto(`/login#token=${world.emptyOwner}`);
  await expect(page.getByRole('heading', { name: 'No events yet' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
