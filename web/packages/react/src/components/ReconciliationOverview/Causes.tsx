import type { ReconciliationCause } from '@meterwire/client';
import { formatUsdSigned } from '../../logic/money.ts';
import { causeLabel } from '../../logic/reconcile/words.ts';

/** Why two sums differ; together the causes are the difference, to the last digit. */
export function Causes({ causes, label }: { causes: readonly ReconciliationCause[]; label: string }) {
  if (causes.length === 0) return null;
  return (
    <ul className="mw-plain-list mw-causes" aria-label={label}>
      {causes.map(({ kind, cost_usd, detail }) => (
        <li className="mw-cause" key={`${kind} ${detail}`}>
          <strong>{causeLabel(kind)}</strong>
          <span className="mw-cause-cost">{formatUsdSigned(cost_usd)}</span>
          {detail && <span className="mw-cause-text mw-quiet">{detail}</span>}
        </li>
      ))}
    </ul>
  );
}
