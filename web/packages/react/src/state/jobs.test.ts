import { expect, test } from 'vitest';
import { jobText, overallShare } from '../logic/jobs.ts';
import { createJobs, type JobControl } from './jobs.ts';

const WHAT = { title: 'Import', total: 10, unit: 'rows', place: 'data' } as const;

/** Work that ends when it is told to. */
function held() {
  let control: JobControl | undefined;
  let end: (text: string) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const work = (given: JobControl) => {
    control = given;
    return new Promise<string>((done, failed) => {
      end = done;
      fail = failed;
    });
  };
  return {
    work,
    control: () => control as JobControl,
    end: (text: string) => end(text),
    fail: (e: Error) => fail(e),
  };
}

const soon = () => new Promise((done) => setTimeout(done, 0));

test('work tells how far it is, and at its end what came of it', async () => {
  const store = createJobs();
  const one = held();
  store.getState().start(WHAT, one.work);
  one.control().tell({ done: 5 });
  const [job] = store.getState().jobs;
  expect(job).toMatchObject({ state: 'running', done: 5 });
  expect(job && jobText(job)).toBe('5 of 10 rows, 50.0 %');
  expect(overallShare(store.getState().jobs)).toBe(0.5);
  one.end('10 added.');
  await soon();
  expect(store.getState().jobs[0]).toMatchObject({ state: 'done', text: '10 added.' });
  expect(overallShare(store.getState().jobs)).toBeNull();
});

test('work that fails says why', async () => {
  const store = createJobs();
  const one = held();
  store.getState().start(WHAT, one.work);
  one.fail(new Error('The server is away.'));
  await soon();
  expect(store.getState().jobs[0]).toMatchObject({ state: 'failed', text: 'The server is away.' });
});

test('work that is stopped hears it, and what it tells afterwards is not heard', async () => {
  const store = createJobs();
  const one = held();
  const id = store.getState().start(WHAT, one.work);
  store.getState().forget(id);
  expect(store.getState().jobs).toHaveLength(1);
  store.getState().stop(id);
  expect(one.control().signal.aborted).toBe(true);
  one.control().tell({ done: 9 });
  one.end('done after all');
  await soon();
  expect(store.getState().jobs[0]).toMatchObject({ state: 'stopped', done: 0 });
  store.getState().forget(id);
  expect(store.getState().jobs).toEqual([]);
});

test('when somebody else signs in everything ends and nothing is told', async () => {
  const store = createJobs();
  const one = held();
  store.getState().start(WHAT, one.work);
  store.getState().forgetAll();
  expect(one.control().signal.aborted).toBe(true);
  one.end('too late');
  await soon();
  expect(store.getState().jobs).toEqual([]);
});

test('an amount that nobody knows is told as far as it came', () => {
  const job = {
    ...WHAT,
    id: '1',
    state: 'running',
    done: 3 * 1024 * 1024,
    total: null,
    unit: 'bytes',
    text: '',
    problems: [],
  } as const;
  expect(jobText(job)).toBe('3.0 MiB so far');
});
