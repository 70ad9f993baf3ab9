'use client';

import { useId, useState } from 'react';
import { useRoving } from '../../hooks/useRoving.ts';
import type { GivenShare } from '../../logic/breakdown.ts';
import { donutSlices } from '../../logic/chart/donut.ts';
import { formatCompact } from '../../logic/number.ts';
import { BreakdownChart, type BreakdownDrawing } from '../BreakdownChart/BreakdownChart.tsx';
import { GivenBreakdown } from '../BreakdownChart/GivenBreakdown.tsx';
import { SeriesPatterns, Swatch, seriesIndex } from '../BreakdownChart/Marker.tsx';
import { RowButton } from '../BreakdownChart/RowButton.tsx';

const TOP = 5;

export interface ProviderBreakdownChartProps {
  /** What to draw; without it the shared range is asked for. */
  data?: readonly (GivenShare & { providerName: string })[];
}

/** The share of tokens of each provider. */
export function ProviderBreakdownChart({ data }: ProviderBreakdownChartProps) {
  const frame = { noun: 'provider', title: 'Tokens by provider', top: TOP };
  if (data) {
    const shares = data.map(({ providerName, ...share }) => ({ ...share, name: providerName }));
    return (
      <GivenBreakdown {...frame} shares={shares}>
        {(drawing) => <Donut {...drawing} />}
      </GivenBreakdown>
    );
  }
  return (
    <BreakdownChart {...frame} dimension="provider">
      {(drawing) => <Donut {...drawing} />}
    </BreakdownChart>
  );
}

const SIZE = 208;
const RADIUS = SIZE / 2;
const THICKNESS = 34;

function Donut({ rows, totalTokens, chosen, onToggle }: BreakdownDrawing) {
  const idBase = useId();
  const roving = useRoving(rows.length);
  const [active, setActive] = useState<number | null>(null);
  const slices = donutSlices(
    rows.map((row) => row.number),
    RADIUS,
    THICKNESS,
  );
  const shown = active === null ? undefined : rows[active];
  return (
    <div className="mw-donut">
      <svg
        className="mw-donut-ring"
        viewBox={`${-RADIUS} ${-RADIUS} ${SIZE} ${SIZE}`}
        width={SIZE}
        height={SIZE}
        aria-hidden="true"
      >
        <SeriesPatterns idBase={idBase} />
        {slices.map(({ index, path }) => {
          const row = rows[index];
          if (!row) return null;
          const series = seriesIndex(index, row.value === null);
          return (
            // The row beside it does the same by keyboard.
            <g
              key={`${row.value}`}
              className={`mw-slice ${active !== null && active !== index ? 'mw-faded' : ''}`}
              onPointerEnter={() => setActive(index)}
              onPointerLeave={() => setActive(null)}
              onClick={() => onToggle(row)}
            >
              <path className={`mw-series-${series}`} d={path} />
              {series > 0 && <path d={path} fill={`url(#${idBase}-${series})`} />}
            </g>
          );
        })}
        <text className="mw-donut-value" y="-2" textAnchor="middle">
          {shown ? shown.shareText : formatCompact(totalTokens)}
        </text>
        <text className="mw-donut-label" y="17" textAnchor="middle">
          {shown ? 'of tokens' : 'tokens'}
        </text>
      </svg>
      <ul className="mw-rows mw-donut-rows" {...roving.containerProps}>
        {rows.map((row, index) => (
          <li key={`${row.value}`}>
            <RowButton
              row={row}
              chosen={row.value !== null && chosen.includes(row.value)}
              rovingProps={roving.itemProps(index)}
              onToggle={onToggle}
              onHover={(over) => setActive(over ? index : null)}
              before={<Swatch series={seriesIndex(index, row.value === null)} idBase={idBase} />}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
