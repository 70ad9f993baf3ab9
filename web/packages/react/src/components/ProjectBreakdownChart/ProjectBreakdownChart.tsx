'use client';

import { useRoving } from '../../hooks/useRoving.ts';
import type { GivenShare } from '../../logic/breakdown.ts';
import { BreakdownChart, type BreakdownDrawing } from '../BreakdownChart/BreakdownChart.tsx';
import { GivenBreakdown } from '../BreakdownChart/GivenBreakdown.tsx';
import { RowButton } from '../BreakdownChart/RowButton.tsx';

const TOP = 6;

export interface ProjectBreakdownChartProps {
  /** What to draw; without it the shared range is asked for. */
  data?: readonly (GivenShare & { projectName: string })[];
}

/** Tokens of each project as horizontal bars. */
export function ProjectBreakdownChart({ data }: ProjectBreakdownChartProps) {
  const frame = { noun: 'project', title: 'Tokens by project', top: TOP };
  if (data) {
    const shares = data.map(({ projectName, ...share }) => ({ ...share, name: projectName }));
    return (
      <GivenBreakdown {...frame} shares={shares}>
        {(drawing) => <HorizontalBars {...drawing} />}
      </GivenBreakdown>
    );
  }
  return (
    <BreakdownChart {...frame} dimension="project">
      {(drawing) => <HorizontalBars {...drawing} />}
    </BreakdownChart>
  );
}

function HorizontalBars({ rows, chosen, onToggle }: BreakdownDrawing) {
  const roving = useRoving(rows.length);
  const largest = Math.max(1, ...rows.map((row) => row.number));
  return (
    <ul className="mw-rows mw-hbars" {...roving.containerProps}>
      {rows.map((row, index) => (
        <li key={`${row.value}`}>
          <RowButton
            row={row}
            chosen={row.value !== null && chosen.includes(row.value)}
            className="mw-hbar"
            rovingProps={roving.itemProps(index)}
            onToggle={onToggle}
            after={
              <span className="mw-hbar-track" aria-hidden="true">
                <span
                  className={`mw-hbar-fill ${row.value === null ? 'mw-hbar-other' : ''}`}
                  style={{ width: `${(row.number / largest) * 100}%` }}
                />
              </span>
            }
          />
        </li>
      ))}
    </ul>
  );
}
