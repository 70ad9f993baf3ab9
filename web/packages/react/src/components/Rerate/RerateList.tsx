'use client';

import type { Rerate } from '@meterwire/client';
import { useRerates } from '../../hooks/useSettings.ts';
import { instantInZone } from '../../logic/dates.ts';
import { formatInteger } from '../../logic/number.ts';
import { rerateResult, rerateScope } from '../../logic/settings/rerate.ts';
import { actorText } from '../../logic/settings/words.ts';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { Asked } from '../States/Asked.tsx';

export interface RerateListProps {
  tz: string;
  onAudit?: ((id: string) => void) | undefined;
}

/** What was rated anew lately, or is now, and what came of it. */
export function RerateList({ tz, onAudit }: RerateListProps) {
  const query = useRerates(true);
  return (
    <Asked keep query={query} label="re-ratings" skeleton="mw-skeleton-line">
      {({ items }) =>
        items.length === 0 ? (
          <p className="mw-section-text">Nothing was rated anew yet.</p>
        ) : (
          <ul className="mw-plain-list" aria-label="Re-ratings">
            {items.map((rerate) => (
              <li className="mw-plain-row" key={rerate.id}>
                <Words rerate={rerate} tz={tz} />
                {onAudit && (
                  <button
                    type="button"
                    className="mw-button mw-button-small"
                    aria-label={`Audit log of the re-rating of ${rerateScope(rerate, tz)}`}
                    onClick={() => onAudit(rerate.id)}
                  >
                    Audit log
                  </button>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </Asked>
  );
}

function Words({ rerate, tz }: { rerate: Rerate; tz: string }) {
  const { state, done, total, created_at, created_by } = rerate;
  const far = `${formatInteger(done)} of ${formatInteger(total)} events`;
  return (
    <span className="mw-plain-words">
      <strong>{rerateScope(rerate, tz)}</strong>
      <span className="mw-cell-note mw-cell-wrap">
        <time dateTime={created_at}>{instantInZone(created_at, tz).slice(0, -3)}</time>,{' '}
        {actorText(created_by)}
      </span>
      {state === 'running' ? (
        <span className="mw-backfill">
          <ProgressBar
            percentage={total === 0 ? 0 : (done / total) * 100}
            label="Re-rating of usage"
            valueText={far}
          />
          <span className="mw-cell-note">{far}</span>
        </span>
      ) : (
        <span className={state === 'failed' ? 'mw-problem' : undefined}>{rerateResult(rerate)}</span>
      )}
    </span>
  );
}
