import type { Change } from '../../logic/change.ts';
import { Icon } from '../Icon/Icon.tsx';

export type Trend = 'up' | 'down' | 'neutral';

export interface ChangeLineProps {
  change: number | null | Change;
  trend: Trend | undefined;
  against: string;
  badWhenMore: boolean;
}

const PERCENT = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** How a value stands against the one before, in words and with an arrow; colour only where it is judged. */
export function ChangeLine({ change, trend, against, badWhenMore }: ChangeLineProps) {
  const known = typeof change === 'number' || change === null ? ofPercentage(change) : change;
  if (known.kind === 'no-previous') {
    return <span className="mw-stat-change mw-stat-against">No previous data</span>;
  }
  if (known.kind === 'same') {
    return (
      <span className="mw-stat-change">
        <span>No change</span> <Against word="from" against={against} />
      </span>
    );
  }
  if (known.kind === 'from-zero') {
    return (
      <span className="mw-stat-change">
        <span className={`mw-stat-percent ${badWhenMore ? 'mw-bad' : ''}`}>
          <Icon name="up" />
          Up from 0
        </span>{' '}
        <Against word="in" against={against} />
      </span>
    );
  }
  return (
    <span className="mw-stat-change">
      <span className={`mw-stat-percent ${judged(known.direction, trend, badWhenMore)}`}>
        <Icon name={known.direction} />
        <span className="mw-hidden">{known.direction} </span>
        {known.text}
      </span>{' '}
      <Against word="from" against={against} />
    </span>
  );
}

function Against({ word, against }: { word: string; against: string }) {
  return against ? (
    <span className="mw-stat-against">
      {word} {against}
    </span>
  ) : null;
}

function ofPercentage(percentage: number | null): Change {
  if (percentage === null || !Number.isFinite(percentage)) return { kind: 'no-previous' };
  if (percentage === 0) return { kind: 'same' };
  return {
    kind: 'changed',
    direction: percentage > 0 ? 'up' : 'down',
    text: `${PERCENT.format(Math.abs(percentage))} %`,
  };
}

function judged(direction: 'up' | 'down', trend: Trend | undefined, badWhenMore: boolean): string {
  if (trend === 'up') return 'mw-good';
  if (trend === 'down') return 'mw-bad';
  if (!badWhenMore || trend === 'neutral') return '';
  return direction === 'up' ? 'mw-bad' : 'mw-good';
}
