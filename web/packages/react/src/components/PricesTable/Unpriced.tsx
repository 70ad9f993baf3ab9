'use client';

import { usePricedModels } from '../../hooks/useSettings.ts';
import { countOf } from '../../logic/number.ts';
import { type UnpricedModel, unpricedModels } from '../../logic/settings/prices.ts';
import type { Drill } from '../../logic/drill.ts';
import { Card } from '../Card/Card.tsx';
import { UnpricedLink } from '../LogLink/UnpricedLink.tsx';
import { Asked } from '../States/Asked.tsx';

export interface UnpricedProps {
  canChange: boolean;
  onPrice: (model: UnpricedModel) => void;
  /** Recorded calls keep their cost until they are rated anew. */
  onRerate: () => void;
}

/** Which models of the last thirty days have no price, and so no cost. */
export function Unpriced({ canChange, onPrice, onRerate }: UnpricedProps) {
  const query = usePricedModels();
  return (
    <Card
      title="Without a price"
      summary="Models of the last 30 days whose cost is not known. They are never counted as $0."
    >
      <Asked query={query} label="models without a price" skeleton="mw-skeleton-line">
        {(answer) => {
          const models = unpricedModels(answer);
          if (models.length === 0) {
            return (
              <p className="mw-section-text">
                {answer.total.calls === 0
                  ? 'No calls in the last 30 days.'
                  : 'Every call of the last 30 days has a price.'}
              </p>
            );
          }
          return (
            <>
              <ul className="mw-plain-list">
                {models.map((one) => (
                  <li className="mw-plain-row" key={`${one.provider} ${one.model}`}>
                    <span className="mw-plain-words">
                      <strong>{one.model || '(no model)'}</strong>{' '}
                      <span className="mw-quiet">
                        {one.provider || '(no provider)'},{' '}
                        <UnpricedLink
                          calls={one.calls}
                          drill={drillOf(one)}
                          text={countOf(one.calls, 'call')}
                        />
                      </span>
                    </span>
                    {canChange && one.model && one.provider && (
                      <button
                        type="button"
                        className="mw-button mw-button-small"
                        aria-label={`Set a price for ${one.model}`}
                        onClick={() => onPrice(one)}
                      >
                        Set a price
                      </button>
                    )}
                  </li>
                ))}
              </ul>
              {canChange && (
                <p className="mw-table-foot">
                  <button type="button" className="mw-link" onClick={onRerate}>
                    Re-rate what was recorded before it had a price
                  </button>
                </p>
              )}
            </>
          );
        }}
      </Asked>
    </Card>
  );
}

function drillOf({ provider, model }: UnpricedModel): Drill {
  return { range: { preset: '30d' }, filters: { provider: [provider], model: [model] } };
}
