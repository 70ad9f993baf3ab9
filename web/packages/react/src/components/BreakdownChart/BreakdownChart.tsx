'use client';

import type { Dimension } from '@meterwire/client';
import { type ReactNode, useState } from 'react';
import { useBreakdown } from '../../hooks/useUsage.ts';
import { useView } from '../../hooks/useView.ts';
import { type BreakdownRow, breakdownRows } from '../../logic/breakdown.ts';
import { describeBreakdown } from '../../logic/chart/describe.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { ErrorState } from '../States/ErrorState.tsx';
import { Skeleton } from '../States/Skeleton.tsx';
import { unpricedNote } from '../UsageSummary/UsageSummary.tsx';
import { BreakdownTable } from './BreakdownTable.tsx';

export interface BreakdownDrawing {
  rows: readonly BreakdownRow[];
  /** Exact text of the whole, such as `1,234 tokens`. */
  totalTokens: number;
  /** Values that the view is filtered by now. */
  chosen: readonly string[];
  onToggle: (row: BreakdownRow) => void;
}

export interface BreakdownChartProps {
  dimension: Dimension;
  /** One and many of what a row is: `provider`, `providers`. */
  noun: string;
  title: string;
  top: number;
  children: (drawing: BreakdownDrawing) => ReactNode;
}

/** The frame that the donut and the bars share: question, states, summary, table, filtering by a click. */
export function BreakdownChart({ dimension, noun, title, top, children }: BreakdownChartProps) {
  const { data, error, isPlaceholderData, isFetching, refetch, source } = useBreakdown(dimension, top);
  const { view, toggleFilter } = useView();
  const [asTable, setAsTable] = useState(false);
  const rows = data ? breakdownRows(data) : [];
  const totalTokens = data?.total.tokens ?? 0;
  const summary = describeBreakdown(noun, rows, countOf(totalTokens, 'token'));
  const ready = data !== undefined && !error;
  const drawing: BreakdownDrawing = {
    rows,
    totalTokens,
    chosen: view.filters[dimension] ?? [],
    onToggle: ({ value }) => value !== null && toggleFilter(dimension, value),
  };
  return (
    <Card
      title={title}
      className="mw-card-breakdown"
      busy={isPlaceholderData}
      summary={ready && rows.length > 0 && summary}
      actions={
        ready && rows.length > 0 && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />
      }
    >
      {error ? (
        <ErrorState error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : !data ? (
        <Skeleton label={title.toLowerCase()} className="mw-skeleton-breakdown" />
      ) : rows.length === 0 ? (
        <EmptyRange>{summary}</EmptyRange>
      ) : (
        <Figure label={`${title}. ${summary}`} sample={source === 'sample'}>
          {asTable ? (
            <BreakdownTable answer={data} rows={rows} noun={noun} title={title} />
          ) : (
            children(drawing)
          )}
          {rows.some(({ cost }) => cost && cost.unpricedCalls > 0) && (
            <figcaption className="mw-figure-foot">
              {unpricedNote(data.total.unpriced_calls ?? 0)}
              {rows.some(hasStar) && <span>Costs with a star leave them out.</span>}
            </figcaption>
          )}
        </Figure>
      )}
    </Card>
  );
}

function hasStar({ cost }: BreakdownRow): boolean {
  return cost !== null && cost.unpricedCalls > 0 && !cost.unknown;
}
