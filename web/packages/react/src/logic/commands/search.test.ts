import { expect, test } from 'vitest';
import { type Command, searchCommands } from './search.ts';

const command = (group: string, label: string, part: Partial<Command> = {}): Command => ({
  id: `${group} ${label}`,
  group,
  label,
  run: () => {},
  ...part,
});

const ALL = [
  command('Pages', 'Overview'),
  command('Pages', 'Budgets', { keywords: 'money' }),
  command('Theme', 'Dark theme', { keywords: 'colour' }),
  command('Projects', 'support-bot', { note: 'Support', hidden: true }),
  command('Models', 'gpt-4o', { hidden: true }),
];

const found = (text: string) =>
  searchCommands(ALL, text).map(({ label, commands }) => [label, commands.map((one) => one.label)]);

test('without words everything is listed but what is only to be found', () => {
  expect(found('  ')).toEqual([
    ['Pages', ['Overview', 'Budgets']],
    ['Theme', ['Dark theme']],
  ]);
});

test('every word must be found, in the label, the note, the group or the other words', () => {
  expect(found('dark th')).toEqual([['Theme', ['Dark theme']]]);
  expect(found('money')).toEqual([['Pages', ['Budgets']]]);
  expect(found('support project')).toEqual([['Projects', ['support-bot']]]);
  expect(found('bot')).toEqual([['Projects', ['support-bot']]]);
  expect(found('4O')).toEqual([['Models', ['gpt-4o']]]);
  expect(found('dark budgets')).toEqual([]);
});

test('what begins with the word goes first', () => {
  const commands = [command('A', 'Late colour'), command('B', 'Colour')];
  expect(searchCommands(commands, 'colour').map(({ label }) => label)).toEqual(['B', 'A']);
});

test('what fits anything comes last', () => {
  const commands = [command('Look up', 'User', { always: true, hidden: true }), command('B', 'Anna')];
  expect(searchCommands(commands, 'ann').map(({ label }) => label)).toEqual(['B', 'Look up']);
  expect(searchCommands(commands, 'nobody').map(({ label }) => label)).toEqual(['Look up']);
  expect(searchCommands(commands, '').map(({ label }) => label)).toEqual(['B']);
});

test('a group shows only so many', () => {
  const many = Array.from({ length: 30 }, (_, at) => command('Users', `u-${at}`));
  expect(searchCommands(many, 'u')[0]?.commands).toHaveLength(8);
});
