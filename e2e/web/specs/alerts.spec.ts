import type { Page } from '@playwright/test';
import { call, Receiver, test as base } from '../support/money.ts';
import { Server } from '../support/server.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, signIn } from '../support/test.ts';

interface Telling {
  server: Server;
  owner: string;
  receiver: Receiver;
}

/** A server that may send to this machine, and a place that listens. */
const test = base.extend<{ telling: Telling }>({
  telling: async ({ page: _ }, use) => {
    const server = await Server.start({ METERWIRE_OUTGOING_ALLOW_INSIDE: 'true' });
    const receiver = await Receiver.start();
    try {
      await server.createTenant('acme', 'Acme');
      await use({ server, owner: await server.createKey('acme', 'owner'), receiver });
    } finally {
      await receiver.stop();
      await server.stop();
    }
  },
});

async function enter(page: Page, { server, owner }: Telling, path: string): Promise<void> {
  await page.goto(`${server.url}/login?next=${encodeURIComponent(path)}#token=${owner}`);
  await expect(page.getByRole('heading', { name: 'Alerts', level: 1 })).toBeVisible();
}

async function addWebhook(page: Page, { receiver }: Telling): Promise<void> {
  await page.getByRole('button', { name: 'Add a channel' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Pager');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('Webhook');
  await page.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
  await page.getByRole('button', { name: 'Add the channel' }).click();
  await expect(page.getByText(/^Added the channel Pager/)).toBeVisible();
}

test('a webhook is made, tried, and told when a budget passes a threshold', async ({ page, telling }) => {
  test.setTimeout(60_000);
  const { server, owner, receiver } = telling;
  await enter(page, telling, '/alerts?tab=channels');
  await addWebhook(page, telling);
  const secret = page.getByRole('region', { name: 'Secret of Pager', exact: true });
  await expect(secret).toContainText('whsec_');
  await expectAccessible(page);
  await secret.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('button', { name: 'Send a test to Pager' }).click();
  await expect(page.getByText(/^The test to Pager was taken after \d+ ms\.$/)).toBeVisible();
  expect(receiver.got).toHaveLength(1);
  expect(receiver.got[0]?.signature).toMatch(/^v1,/);

  await server.record(owner, [call('81')]);
  await expect.poll(() => receiver.got.length).toBeGreaterThan(1);
  await page.getByRole('tab', { name: 'History' }).click();
  const alert = page.getByRole('article').filter({ hasText: 'Budget threshold' }).first();
  await expect(alert).toContainText('Pager');
  await expect(alert).toContainText('Delivered');
  await expectAccessible(page);
});

test('what did not arrive says why, and is sent again from the page', async ({ page, telling }) => {
  test.setTimeout(60_000);
  const { server, owner, receiver } = telling;
  await enter(page, telling, '/alerts?tab=channels');
  await addWebhook(page, telling);
  receiver.status = 500;
  await page.getByRole('button', { name: 'Send a test to Pager' }).click();
  await expect(page.getByRole('alert')).toContainText('500');
  await server.record(owner, [call('51')]);
  await expect.poll(() => receiver.got.length).toBeGreaterThan(1);
  await page.getByRole('tab', { name: 'History' }).click();
  const alert = page.getByRole('article').filter({ hasText: 'Budget threshold' });
  await expect(alert).toContainText('Waiting, tried');
  await expect(alert).toContainText('500');
  receiver.status = 204;
  await alert.getByRole('button', { name: /^Send again/ }).click();
  await expect(page.getByText('It is being sent again.')).toBeVisible();
  await expect
    .poll(async () => {
      await page.reload();
      return alert.first().textContent();
    })
    .toContain('Delivered');
  await alert.getByRole('button', { name: /^Snooze/ }).click();
  await alert.getByRole('button', { name: '1 day' }).click();
  await expect(alert).toContainText('Snoozed until');
  await alert.getByRole('button', { name: /^End snooze/ }).click();
  await expect(alert).not.toContainText('Snoozed until');
});

test('an address inside of the network is refused where the admin has not allowed it', async ({
  page,
  money,
}) => {
  await signIn(page, money.owner, '/alerts?tab=channels');
  await page.getByRole('button', { name: 'Add a channel' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Inside');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('Webhook');
  await page.getByRole('textbox', { name: 'Address' }).fill('http://169.254.169.254/latest');
  await page.getByRole('button', { name: 'Add the channel' }).click();
  // What the server says of an address stands at that field.
  await expect(page.getByRole('textbox', { name: 'Address' })).toHaveAccessibleDescription(/network|allowed/);
  await expect(page.getByRole('textbox', { name: 'Address' })).toBeFocused();
  expect((await money.client.channels.list()).items).toEqual([]);
});

test('a channel is changed, switched off and deleted', async ({ page, money }) => {
  const { id } = await money.client.channels.create({ name: 'Mail', type: 'email', to: ['a@example.com'] });
  await signIn(page, money.owner, '/alerts?tab=channels');
  await page.getByRole('button', { name: 'Edit the channel Mail' }).click();
  await page.getByRole('textbox', { name: 'To' }).fill('a@example.com, b@example.com');
  await page.getByRole('button', { name: 'Save channel' }).click();
  await expect(page.getByText('a@example.com, b@example.com')).toBeVisible();
  await page.getByRole('switch', { name: 'Send to Mail' }).uncheck();
  await expect(page.getByText('Mail is off.')).toBeVisible();
  const [channel] = (await money.client.channels.list()).items;
  expect(channel).toMatchObject({ id, enabled: false, to: ['a@example.com', 'b@example.com'] });
  await page.getByRole('button', { name: 'Delete the channel Mail' }).click();
  await page.getByRole('button', { name: 'Delete the channel', exact: true }).click();
  await expect(page.getByText('No channel yet')).toBeVisible();
});

test('a rule is switched off and its numbers are changed', async ({ page, money }) => {
  await signIn(page, money.owner, '/alerts?tab=rules');
  await page.getByRole('switch', { name: 'Tell: Limit near' }).uncheck();
  await expect(page.getByText('Limit near: off.')).toBeVisible();
  await page.getByRole('button', { name: 'Edit the rule Spend spike' }).click();
  await page.getByRole('textbox', { name: 'Weeks to compare with' }).fill('99');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(page.getByRole('textbox', { name: 'Weeks to compare with' })).toHaveAccessibleDescription(
    /weeks/,
  );
  await page.getByRole('textbox', { name: 'Weeks to compare with' }).fill('2');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(page.getByText('Saved the rule Spend spike.')).toBeVisible();
  const rules = (await money.client.alertRules.list()).items;
  expect(rules.find(({ kind }) => kind === 'limit_near')?.enabled).toBe(false);
  expect(rules.find(({ kind }) => kind === 'spend_spike')?.params.weeks).toBe(2);
});

for (const width of [360, 1024]) {
  for (const tab of ['history', 'channels', 'rules']) {
    test(`alerts at ${width} px, ${tab}: nothing is cut off, and everybody can read it`, async ({
      page,
      money,
    }) => {
      test.setTimeout(60_000);
      await money.client.channels.create({
        name: 'A channel with a name that is long',
        type: 'email',
        to: ['somebody.with.a.long.address@subsidiary.example.com', 'another.person@subsidiary.example.com'],
      });
      await money.record([call('101')]);
      await page.setViewportSize({ width, height: 900 });
      await signIn(page, money.owner, `/alerts?tab=${tab}`);
      await expect(page.locator('.mw-skeleton')).toHaveCount(0);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      for (const open of await page.getByRole('button', { name: /^Add a|^Edit the|^Snooze/ }).all()) {
        await open.click();
        await expectNoSidewaysScroll(page);
        await open.click();
      }
      await expectAccessible(page);
    });
  }
}
