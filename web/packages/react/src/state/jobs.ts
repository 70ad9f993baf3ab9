import type { QueryClient } from '@tanstack/react-query';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Something that takes a while and goes on when its page is left. */
export interface Job {
  id: string;
  /** What is being done: `Import of events.ndjson`. */
  title: string;
  state: 'running' | 'done' | 'failed' | 'stopped';
  /** So far, in `unit`. */
  done: number;
  /** Null where nobody knows. */
  total: number | null;
  unit: 'bytes' | 'rows' | 'events';
  /** What came of it, or what went wrong. */
  text: string;
  /** Where in the page it belongs, to come back to. */
  place: string;
  /** Rows that were not taken, with the reason of each. */
  problems: readonly string[];
  /** The server does it: it goes on when the window is closed, and cannot be stopped from here. */
  onServer?: boolean;
}

/** Whether it ends with the window. */
export function runsHere({ state, onServer = false }: Job): boolean {
  return state === 'running' && !onServer;
}

/** What the work may tell while it runs. */
export interface JobControl {
  signal: AbortSignal;
  tell(part: Partial<Pick<Job, 'done' | 'total' | 'unit' | 'text' | 'problems'>>): void;
}

export interface Jobs {
  jobs: readonly Job[];
  /** Begins; the work answers the sentence that says what came of it. */
  start(
    what: Pick<Job, 'title' | 'total' | 'unit' | 'place' | 'onServer'>,
    work: (control: JobControl) => Promise<string>,
  ): string;
  stop(id: string): void;
  /** Takes one that is over off the list. */
  forget(id: string): void;
  /** Stops everything and forgets it, as when somebody else signs in. */
  forgetAll(): void;
}

export type JobStore = StoreApi<Jobs>;

const MOST_KEPT = 20;

export function createJobs(): JobStore {
  const ends = new Map<string, AbortController>();
  let made = 0;
  return createStore<Jobs>((set, get) => {
    const change = (id: string, part: Partial<Job>) =>
      set({ jobs: get().jobs.map((job) => (job.id === id ? { ...job, ...part } : job)) });
    const run = async (
      id: string,
      work: (control: JobControl) => Promise<string>,
      ending: AbortController,
    ) => {
      const { signal } = ending;
      const tell: JobControl['tell'] = (part) => {
        if (!signal.aborted) change(id, part);
      };
      try {
        const text = await work({ signal, tell });
        if (!signal.aborted) change(id, { state: 'done', text });
      } catch (error) {
        if (!signal.aborted) {
          change(id, { state: 'failed', text: error instanceof Error ? error.message : String(error) });
        }
      } finally {
        ends.delete(id);
      }
    };
    return {
      jobs: [],
      start: (what, work) => {
        made += 1;
        const id = `job-${made}`;
        const job: Job = { ...what, id, state: 'running', done: 0, text: '', problems: [] };
        const kept = get().jobs.filter(
          ({ state }, at, all) => state === 'running' || all.length - at < MOST_KEPT,
        );
        set({ jobs: [...kept, job] });
        const ending = new AbortController();
        ends.set(id, ending);
        void run(id, work, ending);
        return id;
      },
      stop: (id) => {
        const ending = ends.get(id);
        if (!ending) return;
        ending.abort();
        change(id, { state: 'stopped', text: 'Stopped. What was done until then stays done.' });
      },
      forget: (id) => set({ jobs: get().jobs.filter((job) => job.id !== id || job.state === 'running') }),
      forgetAll: () => {
        for (const ending of ends.values()) ending.abort();
        ends.clear();
        if (get().jobs.length > 0) set({ jobs: [] });
      },
    };
  });
}

const ofCaches = new WeakMap<QueryClient, JobStore>();

/** One list for all components that share a cache, whichever of them is on the page. */
export function jobsOf(queryClient: QueryClient): JobStore {
  let jobs = ofCaches.get(queryClient);
  if (!jobs) {
    jobs = createJobs();
    ofCaches.set(queryClient, jobs);
  }
  return jobs;
}
