'use client';

import { type ReactNode, useState } from 'react';
import { type BreakdownRow, type GivenShare, givenRows } from '../../logic/breakdown.ts';
import { describeBreakdown } from '../../logic/chart/describe.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import type { BreakdownDrawing } from './BreakdownChart.tsx';

export interface GivenBreakdownProps {
  shares: readonly (GivenShare & { name: string })[];
  noun: string;
  title: string;
  top: number;
  children: (drawing: BreakdownDrawing) => ReactNode;
}

/** A breakdown of what the app brings itself: it is drawn, and asks nothing. */
export function GivenBreakdown({ shares, noun, title, top, children }: GivenBreakdownProps) {
  const [asTable, setAsTable] = useState(false);
  const rows = givenRows(shares, top);
  const totalTokens = rows.reduce((sum, { number }) => sum + number, 0);
  const summary = describeBreakdown(noun, rows, countOf(totalTokens, 'token'));
  if (rows.length === 0) {
    return (
      <Card title={title} className="mw-card-breakdown" sample={false}>
        <EmptyRange>{summary}</EmptyRange>
      </Card>
    );
  }
  return (
    <Card
      title={title}
      className="mw-card-breakdown"
      sample={false}
      summary={summary}
      actions={<TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
    >
      <Figure label={`${title}. ${summary}`} sample={false}>
        {asTable ? (
          <GivenTable rows={rows} noun={noun} title={title} totalTokens={totalTokens} />
        ) : (
          children({ rows: rows.map(notFiltering), totalTokens, chosen: [], onToggle: () => {} })
        )}
      </Figure>
    </Card>
  );
}

/** There is no view to filter. */
function notFiltering(row: BreakdownRow): BreakdownRow {
  return { ...row, filters: false };
}

interface GivenTableProps {
  rows: readonly BreakdownRow[];
  noun: string;
  title: string;
  totalTokens: number;
}

function GivenTable({ rows, noun, title, totalTokens }: GivenTableProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">{noun.charAt(0).toUpperCase() + noun.slice(1)}</th>
            <th scope="col" className="mw-num">
              Tokens
            </th>
            <th scope="col" className="mw-num">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.value}`}>
              <th scope="row">{row.name}</th>
              <td className="mw-num">{row.tokensText}</td>
              <td className="mw-num">{row.shareText}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td className="mw-num">{formatInteger(totalTokens)}</td>
            <td className="mw-num" />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
