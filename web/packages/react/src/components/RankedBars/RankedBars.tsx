'use client';

import type { Dimension, UsageAnswer } from '@meterwire/client';
import { type ReactNode, useState } from 'react';
import { useOthers } from '../../hooks/useOthers.ts';
import { useRoving } from '../../hooks/useRoving.ts';
import { useRanking } from '../../hooks/useUsageViews.ts';
import { useView } from '../../hooks/useView.ts';
import { drillOf, narrowed } from '../../logic/drill.ts';
import { countOf } from '../../logic/number.ts';
import { describeRanking, type RankedRow, rankedRows } from '../../logic/ranking.ts';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { DIMENSION_LABEL } from '../FilterBar/FilterBar.tsx';
import { LogLink, useLogWays } from '../LogLink/LogLink.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { unpricedNote } from '../UsageSummary/UsageSummary.tsx';
import { RankedTable } from './RankedTable.tsx';

export interface RankedBarsProps {
  title: string;
  dimension: Dimension;
  metric: 'calls' | 'cost' | 'tokens';
  top?: number;
  /** Stands beside the button of the table, such as a choice of the dimension. */
  choice?: ReactNode;
}

const TOP = 8;

/** Who has most of a metric, as bars: each leads to its rows, and its name shows only it. */
export function RankedBars({ title, dimension, metric, top = TOP, choice }: RankedBarsProps) {
  const query = useRanking(dimension, metric, top);
  const { data, error, isPlaceholderData } = query;
  const [asTable, setAsTable] = useState(false);
  const noun = DIMENSION_LABEL[dimension].toLowerCase();
  const rows = data ? rankedRows(data, metric) : [];
  const isShown = data !== undefined && !error && rows.length > 0;
  const summary = data ? describeRanking(data, rows, metric, noun) : '';
  return (
    <Card
      title={title}
      className="mw-card-breakdown mw-card-ranking"
      busy={isPlaceholderData}
      summary={isShown && summary}
      actions={
        <>
          {choice}
          {isShown && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
        </>
      }
    >
      <Asked query={query} label={title.toLowerCase()} skeleton="mw-skeleton-breakdown">
        {(answer) =>
          rows.length === 0 ? (
            <EmptyRange>{summary}</EmptyRange>
          ) : (
            <Figure label={`${title}. ${summary}`}>
              {asTable ? (
                <RankedTable answer={answer} rows={rows} dimension={dimension} title={title} />
              ) : (
                <Rows answer={answer} rows={rows} dimension={dimension} />
              )}
              {metric === 'cost' && (answer.total.unpriced_calls ?? 0) > 0 && (
                <figcaption className="mw-figure-foot">
                  {unpricedNote(answer.total.unpriced_calls ?? 0)}
                </figcaption>
              )}
            </Figure>
          )
        }
      </Asked>
    </Card>
  );
}

interface RowsProps {
  answer: UsageAnswer;
  rows: readonly RankedRow[];
  dimension: Dimension;
}

function Rows({ answer, rows, dimension }: RowsProps) {
  const { view } = useView();
  const ways = useLogWays();
  const others = useOthers();
  const roving = useRoving(rows.length);
  const all = drillOf(view, answer);
  const named = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  const open = (row: RankedRow) => {
    if (!ways) return;
    if (row.value !== null) ways.open(narrowed(all, dimension, [row.value]));
    else others.find(all, dimension, named, (found) => ways.open(found));
  };
  return (
    <>
      <ul className="mw-rows mw-hbars" {...roving.containerProps}>
        {rows.map((row, index) => (
          <li key={`${row.value}`}>
            <button
              type="button"
              className="mw-row mw-hbar mw-ranked"
              title={ways ? `Show the events of ${row.name}` : row.name}
              {...roving.itemProps(index)}
              onClick={() => open(row)}
            >
              <span className="mw-row-name">{row.name}</span>{' '}
              <span className="mw-row-share">{row.share}</span>{' '}
              <span className="mw-ranked-value" title={row.exact}>
                {row.text}
                {row.unpricedCalls > 0 && (
                  <span className="mw-hidden">, {countOf(row.unpricedCalls, 'call')} without a price</span>
                )}
              </span>
              <span className="mw-hbar-track" aria-hidden="true">
                <span
                  className={`mw-hbar-fill ${row.value === null ? 'mw-hbar-other' : ''}`}
                  style={{ width: `${row.length}%` }}
                />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {others.problem && (
        <p className="mw-problem" role="alert">
          {others.problem}
        </p>
      )}
    </>
  );
}

export interface LogLinkCellProps {
  answer: UsageAnswer;
  dimension: Dimension;
  value: string | null;
  children: ReactNode;
}

/** A number of a row that leads to the events of its value. */
export function ValueLink({ answer, dimension, value, children }: LogLinkCellProps) {
  const { view } = useView();
  return (
    <LogLink drill={value === null ? null : narrowed(drillOf(view, answer), dimension, [value])}>
      {children}
    </LogLink>
  );
}
