import type { ModelComparison, ModelCost } from '@meterwire/client';
import type { Drill } from '../../logic/drill.ts';
import { percentText } from '../../logic/limits/words.ts';
import { commonDecimals, decimalOfNumber, formatUsd } from '../../logic/money.ts';
import { formatInteger } from '../../logic/number.ts';
import { exactUsd, shownUsd } from '../../logic/spend/words.ts';
import { UnpricedLink } from '../LogLink/UnpricedLink.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { Recommendations } from './SpendOverview.tsx';
import { WhatIf } from './WhatIf.tsx';

export interface ModelCostsProps {
  comparison: ModelComparison;
  workspaceId: string | undefined;
}

/** What each model cost this month, and how much it gave for the money. */
export function ModelCosts({ comparison, workspaceId }: ModelCostsProps) {
  const { models, recommendations, total_cost } = comparison;
  if (models.length === 0) return <EmptyRange>No model was used this month.</EmptyRange>;
  const decimals = commonDecimals([total_cost, ...models.map(({ cost }) => cost)].map(decimalOfNumber));
  return (
    <>
      {/* A scrolling region must be reachable by keyboard. */}
      <div className="mw-table-scroll" role="region" aria-label="Model costs, table" tabIndex={0}>
        <table className="mw-table mw-stack">
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" className="mw-num">
                Cost
              </th>
              <th scope="col">Share</th>
              <th scope="col" className="mw-num">
                Requests
              </th>
              <th scope="col" className="mw-num">
                Tokens
              </th>
              <th scope="col" className="mw-num">
                Per 1K tokens
              </th>
              <th scope="col" className="mw-num">
                Efficiency
              </th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <Row
                key={`${model.provider} ${model.model}`}
                model={model}
                decimals={decimals}
                workspaceId={workspaceId}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total</th>
              <td className="mw-num" data-label="Cost" title={exactUsd(total_cost)}>
                {formatUsd(decimalOfNumber(total_cost), decimals)}
              </td>
              <td colSpan={5} />
            </tr>
          </tfoot>
        </table>
      </div>
      <p className="mw-form-help">{EFFICIENCY_HELP}</p>
      <Recommendations items={recommendations} />
      <WhatIf models={models} workspaceId={workspaceId} />
    </>
  );
}

const EFFICIENCY_HELP =
  'Efficiency is 0 to 100: the lowest cost per 1K tokens of these models that do the same (chat with chat, embeddings with embeddings) ÷ that of the model, × the share of its requests that did not fail. It says nothing of how good the answers are.';

interface RowProps {
  model: ModelCost;
  decimals: number;
  workspaceId: string | undefined;
}

function Row({ model: one, decimals, workspaceId }: RowProps) {
  const { model, provider, cost, percentage, requests, tokens, input_tokens, output_tokens } = one;
  const { cost_per_1k_tokens: perThousand, efficiency_score: score, unpriced_requests: unpriced } = one;
  const project = workspaceId ? { project: [workspaceId] } : {};
  const drill: Drill = {
    range: { preset: 'this_month' },
    filters: { provider: [provider ?? ''], model: [model ?? ''], ...project },
  };
  // Nothing is known about the cost of a model without a price, which is not the same as no cost.
  const hasPrice = unpriced === 0 || cost > 0;
  return (
    <tr>
      <th scope="row">
        <strong>{model}</strong>
        {provider && <span className="mw-cell-note">{provider}</span>}
      </th>
      <td className="mw-num" data-label="Cost" title={hasPrice ? exactUsd(cost) : undefined}>
        {hasPrice ? formatUsd(decimalOfNumber(cost), decimals) : <span className="mw-badge">No price</span>}
      </td>
      <td data-label="Share">
        <span className="mw-share">
          <ProgressBar
            percentage={percentage}
            label={`Share of ${model}`}
            valueText={percentText(percentage)}
          />
          <span className="mw-share-text">{percentText(percentage)}</span>
        </span>
      </td>
      <td className="mw-num" data-label="Requests">
        <span>
          {formatInteger(requests)}
          {unpriced > 0 && (
            <span className="mw-cell-note mw-unpriced-text">
              <UnpricedLink
                calls={unpriced}
                drill={drill}
                text={`${formatInteger(unpriced)} without a price`}
              />
            </span>
          )}
        </span>
      </td>
      <td
        className="mw-num"
        data-label="Tokens"
        title={`${formatInteger(input_tokens)} in, ${formatInteger(output_tokens)} out`}
      >
        {formatInteger(tokens)}
      </td>
      <td className="mw-num" data-label="Per 1K tokens">
        {perThousand === null ? <span className="mw-quiet">–</span> : shownUsd(perThousand)}
      </td>
      <td className="mw-num" data-label="Efficiency">
        {score === null ? (
          <span className="mw-quiet">–</span>
        ) : (
          <strong title={String(score)}>{Math.round(score)}</strong>
        )}
      </td>
    </tr>
  );
}
