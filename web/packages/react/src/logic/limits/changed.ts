import type { Limits, NewLimits } from '@meterwire/client';
import { limitText, metricLabel } from './words.ts';

/** What has changed, in words: `Deployments 10 → 25`. */
export function changedLimits(before: Limits, after: NewLimits): { changed: NewLimits; words: string } {
  const changed = Object.fromEntries(
    Object.entries(after).filter(([metric, limit]) => !sameLimit(before[metric], limit)),
  );
  const words = Object.entries(changed).map(([metric, limit]) => {
    const to = typeof limit === 'string' ? limit : limitText(metric, limit);
    return `${metricLabel(metric)} ${metric in before ? `${limitText(metric, before[metric])} → ` : ''}${to}`;
  });
  return { changed, words: words.join(', ') };
}

function sameLimit(before: number | null | undefined, after: number | string | null): boolean {
  return before !== undefined && (before === null ? after === null : String(before) === String(after));
}
