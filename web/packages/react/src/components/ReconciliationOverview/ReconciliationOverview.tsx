'use client';

import type { Me, ReconciledSide, Reconciliation } from '@meterwire/client';
import { useFile, useReconciliation } from '../../hooks/useMoney.ts';
import { useView } from '../../hooks/useView.ts';
import { mayChange, mayReadWhole } from '../../logic/budget/state.ts';
import { instantSpan, timeInZone } from '../../logic/dates.ts';
import { formatUsd, formatUsdExact, formatUsdSigned, isZeroUsd } from '../../logic/money.ts';
import { countOf } from '../../logic/number.ts';
import { spanOf } from '../../logic/range.ts';
import { PROVIDER_LABEL, providerLabel, type ReconcileState } from '../../logic/reconcile/words.ts';
import { Card } from '../Card/Card.tsx';
import { ConnectionsTable } from '../ConnectionsTable/ConnectionsTable.tsx';
import { DateRangeFilter } from '../DateRangeFilter/DateRangeFilter.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { NotForThisKey } from '../States/NotForThisKey.tsx';
import { ZonePicker } from '../ZonePicker/ZonePicker.tsx';
import { Causes } from './Causes.tsx';
import { ReconciliationTable } from './ReconciliationTable.tsx';

export interface ReconciliationOverviewProps {
  me: Me;
  state: ReconcileState;
  onStateChange: (state: ReconcileState) => void;
}

/** The whole page about reconciliation below the header. */
export function ReconciliationOverview(props: ReconciliationOverviewProps) {
  const { me, state } = props;
  const { view } = useView();
  const { data, error, isPlaceholderData } = useReconciliation(state.provider, mayReadWhole(me));
  const tenant = me.tenants.find(({ slug }) => slug === (view.tenant ?? me.tenant?.slug)) ?? me.tenant;
  const tz = view.tz ?? tenant?.timezone ?? 'UTC';
  const span = data && !error && !isPlaceholderData && instantSpan(data.from, data.to, data.tz);
  return (
    <NoticeProvider>
      <div className="mw-overview">
        <div className="mw-toolbar">
          <div className="mw-toolbar-words">
            <h1 className="mw-page-title">Reconcile</h1>
            <p className="mw-page-note">{span && `${span} · as of ${timeInZone(data.as_of, data.tz)}`}</p>
            <p className="mw-hidden" role="status">
              {span && `Showing ${span}`}
            </p>
          </div>
          <div className="mw-toolbar-controls">
            <DateRangeFilter tz={tz} />
            <ZonePicker shown={tz} tenantZone={tenant?.timezone} />
          </div>
        </div>
        {mayReadWhole(me) ? (
          <>
            <Compared {...props} />
            <ConnectionsTable canChange={mayChange(me)} zone={tz} />
          </>
        ) : (
          <NotForThisKey role={me.role} />
        )}
      </div>
    </NoticeProvider>
  );
}

function Compared({ state, onStateChange }: ReconciliationOverviewProps) {
  const query = useReconciliation(state.provider);
  const { data, error, isPlaceholderData } = query;
  const hasRows = data !== undefined && !error && data.rows.length > 0;
  return (
    <Card
      title="Provider’s report and your events"
      busy={isPlaceholderData}
      className="mw-card-stacked"
      summary={hasRows && describe(data)}
      actions={
        <div className="mw-toolbar-controls">
          <ProviderChoice state={state} onChange={onStateChange} />
          {hasRows && <ExportCsv provider={state.provider} />}
        </div>
      }
    >
      <Asked query={query} label="reconciliation" skeleton="mw-skeleton-table">
        {(answer) =>
          answer.rows.length === 0 ? (
            <>
              <EmptyRange>
                Nothing to set side by side in this range: no provider has reported usage, and no event names
                one that is connected.
              </EmptyRange>
              <NotCompared items={answer.not_compared} />
            </>
          ) : (
            <>
              <Total answer={answer} />
              <ReconciliationTable answer={answer} />
              <NotCompared items={answer.not_compared} />
            </>
          )
        }
      </Asked>
    </Card>
  );
}

function ProviderChoice({
  state,
  onChange,
}: {
  state: ReconcileState;
  onChange: (state: ReconcileState) => void;
}) {
  return (
    <select
      className="mw-select"
      aria-label="Provider"
      value={state.provider ?? ''}
      onChange={(event) => {
        const { value } = event.target;
        onChange(value === 'openai' || value === 'anthropic' ? { provider: value } : {});
      }}
    >
      <option value="">All providers</option>
      {Object.entries(PROVIDER_LABEL).map(([name, label]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  );
}

function ExportCsv({ provider }: { provider: string | undefined }) {
  const { view } = useView();
  const file = useFile();
  const { tenant: _, ...span } = spanOf(view);
  return (
    <>
      <button
        type="button"
        className="mw-button"
        aria-disabled={file.isPending}
        onClick={() =>
          !file.isPending &&
          file.mutate({
            path: '/api/v1/reconciliation',
            query: { ...span, provider, format: 'csv' },
            name: 'reconciliation.csv',
          })
        }
      >
        {file.isPending ? 'Exporting…' : 'Export CSV'}
      </button>
      {file.error && (
        <p className="mw-problem" role="alert">
          {file.error.message}
        </p>
      )}
    </>
  );
}

function describe({ total }: Reconciliation): string {
  const difference = total.difference.cost_usd;
  if (isZeroUsd(difference)) return 'Both sides come to the same, to the last digit.';
  const plain = difference.replace(/^-/, '');
  return difference.startsWith('-')
    ? `The providers report ${formatUsd(plain)} less than your events come to.`
    : `The providers report ${formatUsd(plain)} more than your events come to.`;
}

function Total({ answer: { total } }: { answer: Reconciliation }) {
  return (
    <>
      <dl className="mw-ministats mw-ministats-above">
        <MiniStat label="Provider’s report" value={formatUsdExact(total.provider.cost_usd)} />
        <MiniStat label="Your events" value={formatUsdExact(total.metered.cost_usd)} />
        <MiniStat label="Difference" value={formatUsdSigned(total.difference.cost_usd)} />
      </dl>
      <Causes causes={total.causes} label="Causes of the whole difference" />
    </>
  );
}

/** What nothing stands beside, so that it is not missed in silence. */
function NotCompared({ items }: { items: Reconciliation['not_compared'] }) {
  if (items.length === 0) return null;
  const texts = items.map(
    ({ provider_name, metered }) => `${providerLabel(provider_name)} (${amountText(metered)})`,
  );
  return <p className="mw-form-help">Not compared, since not connected: {texts.join(', ')}.</p>;
}

/** Calls without a price cost nothing that is known: then they are counted. */
function amountText({ cost_usd, requests }: ReconciledSide): string {
  return isZeroUsd(cost_usd) && requests !== null ? countOf(requests, 'call') : formatUsd(cost_usd);
}
