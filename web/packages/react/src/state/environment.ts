declare const process: { env: Record<string, string | undefined> };

/** What the page's own build says, for hooks without a provider above them. */
export interface Environment {
  /** Where the server is. */
  baseUrl: string;
  /** Whether the server is asked at all. */
  live: boolean;
  /** A flat rate in cents a call, where the page has one of its own. */
  rateCents: number | undefined;
}

/** Bundlers write these values in where they see the whole name, so each stands here in full. */
export function environment(): Environment {
  return {
    baseUrl: read(() => process.env.NEXT_PUBLIC_API_BASE) ?? '',
    live: read(() => process.env.NEXT_PUBLIC_USE_LIVE_USAGE) === '1',
    rateCents: rateOf(read(() => process.env.NEXT_PUBLIC_USAGE_RATE_CENTS)),
  };
}

/** A browser has no `process`; what was not written in is not there. */
function read(value: () => string | undefined): string | undefined {
  try {
    return value();
  } catch {
    return undefined;
  }
}

function rateOf(text: string | undefined): number | undefined {
  const rate = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(rate) && rate >= 0 ? rate : undefined;
}
