import { expect, test } from 'vitest';
import { values } from '../testing/fixtures.ts';
import { changeOf } from './change.ts';

const cost = (text: string, calls = 1) => values({ cost_usd: text, calls });

test('a change is a percentage of the value before', () => {
  expect(changeOf(values({ calls: 60 }), values({ calls: 50 }), 'calls')).toEqual({
    kind: 'changed',
    direction: 'up',
    text: '20.0 %',
  });
  expect(changeOf(cost('0.000000075'), cost('0.0000001'), 'cost')).toEqual({
    kind: 'changed',
    direction: 'down',
    text: '25.0 %',
  });
});

test('without a call before there is nothing to compare with', () => {
  expect(changeOf(values({ calls: 5 }), values(), 'calls')).toEqual({ kind: 'no-previous' });
});

test('a percentage of zero does not exist', () => {
  const before = values({ calls: 10 });
  expect(changeOf(values({ calls: 10, errors: 2 }), before, 'errors')).toEqual({ kind: 'from-zero' });
  expect(changeOf(values({ calls: 12 }), before, 'errors')).toEqual({ kind: 'same' });
});

test('tiny changes are not called none, and huge ones become multiples', () => {
  expect(
    changeOf(values({ tokens: 1_000_001 }), values({ calls: 1, tokens: 1_000_000 }), 'tokens'),
  ).toMatchObject({
    text: '< 0.1 %',
  });
  expect(changeOf(values({ calls: 134 }), values({ calls: 10 }), 'calls')).toMatchObject({ text: '× 13.4' });
  expect(changeOf(values({ calls: 0 }), values({ calls: 10 }), 'calls')).toMatchObject({
    direction: 'down',
    text: '100.0 %',
  });
});
