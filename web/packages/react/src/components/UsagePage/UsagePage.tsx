'use client';

import type { LiveDay } from '@meterwire/client';
import { useState } from 'react';
import { type LiveUsage, useUsage } from '../../hooks/useLiveUsage.ts';
import { bucketLabel, axisLabel, daySpan } from '../../logic/dates.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { momentText } from '../../logic/source.ts';
import { Bars, type BarPoint } from '../Bars/Bars.tsx';
import { PointTable } from '../BudgetUsageChatEnhanced/PointTable.tsx';
import { Card } from '../Card/Card.tsx';
import { TableToggle } from '../Card/TableToggle.tsx';
import { Figure } from '../Figure/Figure.tsx';
import { Icon } from '../Icon/Icon.tsx';
import { Segments } from '../Segments/Segments.tsx';
import { SourceNotice } from '../SourceNotice/SourceNotice.tsx';
import { StatCard } from '../StatCard/StatCard.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { Skeleton } from '../States/Skeleton.tsx';

export interface UsagePageProps {
  title?: string;
  /** How many days the chart shows at first, 1 to 90. */
  days?: number;
}

const CHOICES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const;

/** The calls of the billing period, what they cost, and the calls of the last days. */
export function UsagePage({ title = 'Usage', days: firstDays = 7 }: UsagePageProps) {
  const [days, setDays] = useState(firstDays);
  const usage = useUsage(days);
  const chosen = CHOICES.find(({ value }) => Number(value) === days)?.value ?? null;
  return (
    <div className="mw-overview mw-usage-page">
      <SourceNotice />
      <div className="mw-toolbar">
        <div className="mw-toolbar-words">
          <h1 className="mw-page-title">{title}</h1>
          <p className="mw-page-note">{usage.asOf && `As of ${momentText(usage.asOf)}`}</p>
        </div>
        <div className="mw-toolbar-controls">
          <Segments
            legend="Days"
            choices={CHOICES}
            chosen={chosen}
            onChoose={(choice) => setDays(Number(choice))}
          />
        </div>
      </div>
      {usage.error ? <Failed usage={usage} /> : <Numbers usage={usage} days={days} />}
    </div>
  );
}

function Failed({ usage: { error, refetch } }: { usage: LiveUsage }) {
  return (
    <Card title="Usage cannot be shown">
      <div className="mw-state mw-state-error" role="alert">
        <p className="mw-state-text">{error}</p>
        <button type="button" className="mw-button" onClick={refetch}>
          <Icon name="refresh" />
          Retry
        </button>
      </div>
    </Card>
  );
}

function Numbers({ usage, days }: { usage: LiveUsage; days: number }) {
  const { summary, dailyUsage, source } = usage;
  const isSample = source === 'sample';
  return (
    <>
      <div
        className="mw-stats mw-stats-three"
        role="group"
        aria-label={isSample ? 'Sample totals' : 'Totals'}
      >
        {summary ? (
          <>
            <StatCard title="Total calls" value={summary.total_calls} sample={isSample} />
            <StatCard title="Estimated cost" value={centsText(summary.est_cost_cents)} sample={isSample} />
            <StatCard
              title="Billing period"
              value={daySpan(summary.window_start.slice(0, 10), summary.window_end.slice(0, 10))}
              sample={isSample}
            />
          </>
        ) : (
          <Skeleton label="usage" className="mw-skeleton-stats" />
        )}
      </div>
      <Daily days={dailyUsage} count={days} ready={summary !== undefined} isSample={isSample} />
    </>
  );
}

/** Whole cents; the amount is an estimate, so nothing below them is known. */
function centsText(cents: number): string {
  const whole = Math.trunc(Math.abs(cents) / 100);
  const rest = String(Math.abs(cents) % 100).padStart(2, '0');
  return `${cents < 0 ? '−' : ''}$${formatInteger(whole)}.${rest}`;
}

interface DailyProps {
  days: readonly LiveDay[];
  count: number;
  ready: boolean;
  isSample: boolean;
}

function Daily({ days, count, ready, isSample }: DailyProps) {
  const [asTable, setAsTable] = useState(false);
  const title = `Calls in the last ${countOf(count, 'day')}`;
  const total = days.reduce((sum, { calls }) => sum + calls, 0);
  const summary = `${countOf(total, 'call')} over ${countOf(days.length, 'day')}.`;
  const points = days.map(({ date, calls }, index): BarPoint => ({
    key: date,
    name: bucketLabel(date, 'day'),
    tick: axisLabel(date, 'day'),
    value: calls,
    text: countOf(calls, 'call'),
    partial: index === days.length - 1,
  }));
  return (
    <Card
      title={title}
      className="mw-card-chart"
      summary={ready && summary}
      actions={ready && <TableToggle what={title} asTable={asTable} onChange={setAsTable} />}
    >
      {!ready ? (
        <Skeleton label={title.toLowerCase()} className="mw-skeleton-chart" />
      ) : total === 0 ? (
        <EmptyRange>No calls in these days.</EmptyRange>
      ) : (
        <Figure label={`${title}. ${summary}`} sample={isSample}>
          {asTable ? (
            <PointTable title={title} first="Day" value="Calls" points={points} />
          ) : (
            <Bars points={points} unit="Calls" wholeNumbers />
          )}
        </Figure>
      )}
    </Card>
  );
}
