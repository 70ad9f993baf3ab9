import type { ApiKey, Price, UsageAnswer } from '@meterwire/client';
import { expect, test } from 'vitest';
import { overview, values } from '../../testing/fixtures.ts';
import { csvLine, parseCsv } from './csv.ts';
import { agoText, keyCurl, keyFor, keyState, NEW_KEY, readKey } from './keys.ts';
import {
  extraRates,
  priceDraft,
  priceMoment,
  pricesCsv,
  readPrice,
  readPriceFile,
  unpricedModels,
  validText,
} from './prices.ts';
import { firstSection, refusalOf, SECTION_GROUPS, SETTINGS_SECTIONS } from './sections.ts';
import { actionText, actorText, isSlug, readRecipients, readRetention, rhythmText, slugOf } from './words.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

test('every section stands in exactly one group', () => {
  const listed = SECTION_GROUPS.flatMap(({ sections }) => sections);
  expect(new Set(listed).size).toBe(listed.length);
  expect([...listed].sort()).toEqual([...SETTINGS_SECTIONS, 'tiers', 'budgets'].sort());
});

test('each role sees what it may, and is told why not', () => {
  const seen = (role: 'owner' | 'viewer' | 'member' | 'ingest') =>
    SETTINGS_SECTIONS.filter((section) => refusalOf(section, { role }) === null);
  expect(seen('owner')).toEqual(SETTINGS_SECTIONS);
  expect(seen('viewer')).toEqual(SETTINGS_SECTIONS.filter((one) => one !== 'keys' && one !== 'audit'));
  expect(seen('member')).toEqual(['users', 'projects', 'prices', 'tenant', 'dimensions', 'data']);
  expect(seen('ingest')).toEqual([]);
  expect(firstSection({ role: 'owner' })).toBe('keys');
  expect(firstSection({ role: 'viewer' })).toBe('users');
  expect(refusalOf('keys', { role: 'viewer' })).toContain('owner');
});

test('a key is read from the form, or what is wrong is said by field', () => {
  expect(readKey(NEW_KEY, NOW)).toEqual({ problems: { name: expect.stringContaining('Enter a name') } });
  expect(readKey({ ...NEW_KEY, name: 'a', role: 'member' }, NOW)).toEqual({
    problems: { user: expect.stringContaining('one user') },
  });
  const past = readKey({ ...NEW_KEY, name: 'a', expiry: 'date', day: '2026-11-22' }, NOW);
  expect(past).toEqual({ problems: { day: 'This day is not in the future.' } });
  const full = { ...NEW_KEY, name: ' Prod ', user: 'u-1', project: 'p', expiry: '30' as const };
  expect(readKey(full, NOW)).toEqual({
    value: { name: 'Prod', role: 'ingest', user: 'u-1', project: 'p', expires_at: '2026-12-22' },
  });
});

test('keys say what became of them, whom they act for, and how long ago', () => {
  const key = { revoked_at: null, expires_at: '2026-11-22T11:59:59Z' } as ApiKey;
  expect(keyState(key, NOW)).toBe('expired');
  expect(keyState({ ...key, expires_at: '2026-11-22T12:00:01Z' }, NOW)).toBe('active');
  expect(keyState({ ...key, revoked_at: '2026-01-01T00:00:00Z' }, NOW)).toBe('revoked');
  expect(keyFor({ user: 'u-1', project: 'p' })).toBe('user u-1, project p');
  expect(keyFor({ user: null, project: null })).toBe('');
  expect(agoText('2026-11-22T11:59:30Z', NOW)).toBe('just now');
  expect(agoText('2026-11-22T11:00:00Z', NOW)).toBe('1 hour ago');
  expect(agoText('2026-12-01T12:00:00Z', NOW)).toBe('in 9 days');
});

test('the command of a new key carries it, and asks where the key may only read', () => {
  const place = { origin: 'http://m.test', now: NOW };
  const ingest = keyCurl({ token: 'mw_x', role: 'ingest' }, place);
  expect(ingest).toContain("curl 'http://m.test/api/v1/events'");
  expect(ingest).toContain('Bearer mw_x');
  expect(ingest).not.toContain('METERWIRE_KEY');
  expect(keyCurl({ token: 'mw_x', role: 'viewer' }, place)).toContain('/api/v1/usage/summary');
});

test('CSV is read with its quotes and written back, harmless for a spreadsheet', () => {
  expect(parseCsv('\uFEFFa,b\r\n"x, ""y""","1\n2"\n\n3,')).toEqual([
    ['a', 'b'],
    ['x, "y"', '1\n2'],
    ['3', ''],
  ]);
  expect(() => parseCsv('a,"b')).toThrow('never closed');
  expect(csvLine(['=1+1', '-2.5', 'a,b', 'say "x"'])).toBe(`'=1+1,-2.5,"a,b","say ""x"""`);
});

const PRICE = {
  id: '1',
  provider: 'openai',
  model: 'gpt-4o',
  source: 'override',
  valid_from: '2026-11-01T00:00:00Z',
  valid_to: null,
  input: '2.5',
  output: '10',
  cache_read: '1.25',
} as Price;

test('a price goes through its form unchanged', () => {
  expect(readPrice(priceDraft(PRICE))).toEqual({
    value: {
      provider: 'openai',
      model: 'gpt-4o',
      valid_from: '2026-11-01',
      input: '2.5',
      output: '10',
      cache_read: '1.25',
    },
  });
  expect(extraRates(PRICE)).toBe('cache read $1.25');
  expect(validText(PRICE)).toBe('from 2026-11-01');
  expect(validText({ valid_from: null, valid_to: null })).toBe('always');
  expect(priceMoment(PRICE, NOW)).toBe('now');
  expect(priceMoment({ valid_from: null, valid_to: '2026-11-22T12:00:00Z' }, NOW)).toBe('over');
  expect(priceMoment({ valid_from: '2026-12-01T00:00:00Z', valid_to: null }, NOW)).toBe('later');
});

test('what is no price is said field by field', () => {
  const wrong = readPrice({ ...priceDraft(), input: '1,5', from: '2026-11-02', last: '2026-11-01' });
  expect(wrong).toEqual({
    problems: {
      provider: expect.any(String),
      model: expect.any(String),
      input: 'Enter dollars such as 2.50.',
      output: 'Enter a price, 0 where it is free.',
      last: 'It ends before it begins.',
    },
  });
});

test('prices are taken from a file that was saved here, and a bad row spoils no other', () => {
  const [saved] = readPriceFile(pricesCsv([PRICE]));
  expect(saved).toEqual({
    line: 2,
    price: expect.objectContaining({ model: 'gpt-4o', valid_from: '2026-11-01', cache_read: '1.25' }),
  });
  const csv = 'provider,model,input,output\nopenai,a,1,2\nopenai,b,x,2\nopenai,c,1\n';
  expect(readPriceFile(csv)).toEqual([
    { line: 2, price: { provider: 'openai', model: 'a', input: '1', output: '2' } },
    { line: 3, problem: 'input: Enter dollars such as 2.50.' },
    { line: 4, problem: 'it has 3 columns and the first line 4' },
  ]);
  const json = `${JSON.stringify(PRICE)}\nnot json\n{"provider":"p","model":"m","input":1,"output":2,"colour":"x"}`;
  expect(readPriceFile(json)).toEqual([
    { line: 1, price: expect.objectContaining({ model: 'gpt-4o' }) },
    { line: 2, problem: 'it is no JSON object' },
    { line: 3, problem: '“colour” is nothing that a price has.' },
  ]);
  expect(() => readPriceFile('a,b\n1,2')).toThrow('names no column “provider”');
  expect(() => readPriceFile('provider,model,input,output\n')).toThrow('no rows');
});

test('models without a price are told, those with most calls first', () => {
  const group = (key: string[], calls: number, unpriced: number, other = false) => ({
    key,
    other,
    total: values({ calls, unpriced_calls: unpriced }),
    series: [],
  });
  const answer = overview({
    groups: [
      group(['openai', 'gpt-4o'], 9, 0),
      group(['own', 'small'], 3, 3),
      group(['own', 'large'], 9, 5),
      group(['', ''], 9, 9, true),
    ],
  }) as UsageAnswer;
  expect(unpricedModels(answer)).toEqual([
    { provider: 'own', model: 'large', calls: 5 },
    { provider: 'own', model: 'small', calls: 3 },
  ]);
});

test('the audit log speaks in words, and what it does not know stays as it is', () => {
  expect(actionText('key.revoke')).toBe('API key revoked');
  expect(actionText('tenant.update')).toBe('Tenant changed');
  expect(actionText('something.odd')).toBe('something.odd');
  expect(actorText('key:mw_ab12cd34')).toBe('Key mw_ab12cd34…');
  expect(actorText('cli')).toBe('cli');
});

test('recipients, names for addresses, retention and rhythm', () => {
  expect(readRecipients('a@x.com; b@x.com,\na@x.com')).toEqual({ to: ['a@x.com', 'b@x.com'] });
  expect(readRecipients(' ')).toEqual({ problem: 'Enter at least one address.' });
  expect(readRecipients('a@x.com, bob')).toEqual({ problem: '“bob” is not a mail address.' });
  expect(slugOf('Ächme & Söhne GmbH')).toBe('a-chme-so-hne-gmbh');
  expect(isSlug('acme-1')).toBe(true);
  expect([isSlug('-a'), isSlug('A'), isSlug('')]).toEqual([false, false, false]);
  expect([readRetention(''), readRetention('35')]).toEqual([{ days: null }, { days: 35 }]);
  expect(readRetention('34')).toHaveProperty('problem');
  expect(rhythmText({ every: 'month', hour: 7, timezone: 'UTC' })).toBe('Every month at 07:00, UTC');
});
