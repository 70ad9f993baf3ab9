/** Where shown numbers come from: asked just now, asked earlier and not to be had now, or made up. */
export type Source = 'live' | 'stale' | 'sample';

/** What one view tells about its numbers. */
export interface ViewSource {
  source: Source;
  /** Why they are not live. */
  reason: string;
  /** Of when they are; null for what is made up. */
  asOf: Date | null;
  retry: () => void;
}

/**
 * What all views below a provider say together. Made-up numbers never stand beside real ones: once a view was live,
 * nothing made up is shown any more.
 */
export interface Sources {
  subscribe(listener: () => void): () => void;
  hadLive(): boolean;
  sawLive(): void;
  /** The view that needs saying most: made up before out of date, then the oldest. Null where all are live. */
  worst(): ViewSource | null;
  report(id: string, view: ViewSource): void;
  forget(id: string): void;
  retryAll(): void;
  /** Of several places that could say it, the first that came does; a place of rank 0 goes before all others. */
  takePlace(id: string, rank: 0 | 1): () => void;
  placeHolder(): string | undefined;
  /** Another key may not be told what the first one saw. */
  reset(): void;
}

export function createSources(): Sources {
  const listeners = new Set<() => void>();
  const views = new Map<string, ViewSource>();
  const places = new Map<string, 0 | 1>();
  let live = false;
  let worst: ViewSource | null = null;
  const tell = () => {
    worst = worstOf([...views.values()]);
    for (const listener of listeners) listener();
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hadLive: () => live,
    sawLive: () => {
      if (live) return;
      live = true;
      tell();
    },
    worst: () => worst,
    report: (id, view) => {
      views.set(id, view);
      tell();
    },
    forget: (id) => {
      if (views.delete(id)) tell();
    },
    retryAll: () => {
      for (const { retry } of [...views.values()]) retry();
    },
    takePlace: (id, rank) => {
      places.set(id, rank);
      tell();
      return () => {
        places.delete(id);
        tell();
      };
    },
    placeHolder: () => {
      const ids = [...places.keys()];
      return ids.find((id) => places.get(id) === 0) ?? ids[0];
    },
    reset: () => {
      live = false;
      tell();
    },
  };
}

function worstOf(views: readonly ViewSource[]): ViewSource | null {
  const sample = views.find(({ source }) => source === 'sample');
  if (sample) return sample;
  const stale = views.filter(({ source }) => source === 'stale');
  return stale.sort((a, b) => timeOf(a) - timeOf(b))[0] ?? null;
}

function timeOf({ asOf }: ViewSource): number {
  return asOf?.getTime() ?? 0;
}
