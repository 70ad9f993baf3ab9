import { expect, expectAccessible, signIn, test } from '../support/test.ts';

test('a key typed into the form opens the overview and stays signed in', async ({ page, world }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/login$/);
  await expectAccessible(page);
  await page.getByLabel('API key').fill(world.owner);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Acme Robotics')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});

test('a wrong key is refused in words, and the next one works', async ({ page, world }) => {
  await page.goto('/login');
  await page.getByLabel('API key').fill('mw_not_a_key');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('This key is not valid here.');
  await expect(page.getByLabel('API key')).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel('API key').fill(world.viewer);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});

test('a login link signs in once and leaves no key in the address or the history', async ({
  page,
  world,
}) => {
  await page.goto('/login');
  await page.goto(`/login#token=${world.owner}`);
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  expect(page.url()).not.toContain('mw_');
  await page.goBack();
  expect(page.url()).not.toContain('mw_');
});

test('the cookie is out of reach for scripts, and the key is stored nowhere', async ({ page, world }) => {
  await signIn(page, world.owner);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'meterwire_session', httpOnly: true, sameSite: 'Strict', path: '/' });
  const reachable = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
  );
  expect(reachable).not.toContain(world.owner);
});

test('the view that was asked for is shown after signing in', async ({ page, world }) => {
  await page.goto('/?range=30d&metric=cost');
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel('API key').fill(world.owner);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Cost by day' })).toBeVisible();
  await expect(page).toHaveURL(/range=30d.*metric=cost/);
});

test('signing out ends the session', async ({ page, world }) => {
  await signIn(page, world.owner);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Meterwire' })).toBeVisible();
  await page.goto('/');
  await expect(page).toHaveURL(/\/login$/);
});

test('a session that ends while the page is open leads to the sign-in', async ({ page, world }) => {
  await signIn(page, world.owner);
  await page.context().clearCookies();
  // Not `check`, which waits to see it checked: the sign-in may be there first.
  await page.getByRole('radio', { name: '30 days' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Meterwire' })).toBeVisible();
});

test('an address that does not exist says so', async ({ page }) => {
  await page.goto('/no-such-page');
  await expect(page.getByText('There is no page at this address.')).toBeVisible();
  await expectAccessible(page);
});
