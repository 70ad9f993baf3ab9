import type { CostIntelligence, Insight } from '@meterwire/client';
import { instantSpan } from '../../logic/dates.ts';
import { countOf } from '../../logic/number.ts';
import {
  evidenceColumns,
  evidenceValue,
  exactUsd,
  insightLabel,
  sentence,
  shownUsd,
  sortInsights,
} from '../../logic/spend/words.ts';
import { EmptyRange } from '../States/EmptyRange.tsx';

/** What could be saved, each with the rows from which the saving can be worked out again. */
export function Insights({ intelligence }: { intelligence: CostIntelligence | null }) {
  if (!intelligence) {
    return <EmptyRange>Insights are those of one project. Choose a project to see them.</EmptyRange>;
  }
  const { alerts, potential_savings, enough_data, not_judged, requests, from, to, tz } = intelligence;
  const gone = `${countOf(requests, 'request')} of ${instantSpan(from, to, tz)}`;
  if (alerts.length === 0) {
    return (
      <>
        <EmptyRange>
          {enough_data
            ? `Nothing stands out: no saving was found in ${gone}.`
            : `${gone} are too few to say anything. Insights begin with 100.`}
        </EmptyRange>
        <NotJudged kinds={not_judged} />
      </>
    );
  }
  return (
    <>
      <p className="mw-saving-line">
        {countOf(alerts.length, 'insight')} from {gone}
        {potential_savings > 0 && (
          <>
            , together worth{' '}
            <strong title={exactUsd(potential_savings)}>{shownUsd(potential_savings)}</strong>
          </>
        )}
        .
      </p>
      <ul className="mw-plain-list mw-insights">
        {sortInsights(alerts).map((insight) => (
          <li key={`${insight.kind} ${insight.title}`}>
            <InsightCard insight={insight} />
          </li>
        ))}
      </ul>
      <NotJudged kinds={not_judged} />
    </>
  );
}

/** What could not be looked at, so that silence is not taken for a clean month. */
function NotJudged({ kinds }: { kinds: CostIntelligence['not_judged'] }) {
  if (kinds.length === 0) return null;
  return (
    <div className="mw-section">
      <h3 className="mw-section-title">Not judged</h3>
      <ul className="mw-advice mw-quiet">
        {kinds.map(({ kind, reason }) => (
          <li key={kind}>
            {insightLabel(kind)}: {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

const SEVERITY_LABEL = { critical: 'Critical', warning: 'Warning', info: 'Note' } as const;

function InsightCard({ insight }: { insight: Insight }) {
  const { kind, severity, title, detail, model, evidence, potential_savings, recommendation } = insight;
  return (
    <article className={`mw-insight mw-insight-${severity}`} aria-label={title}>
      <header className="mw-insight-head">
        <div>
          <p className="mw-item-kind">
            <span className={`mw-badge mw-badge-${severity}`}>{SEVERITY_LABEL[severity] ?? severity}</span>{' '}
            {insightLabel(kind)}
            {model && ` · ${model}`}
          </p>
          <h3 className="mw-item-title">{title}</h3>
        </div>
        {potential_savings > 0 && (
          <p className="mw-insight-saving">
            <span className="mw-quiet">Saves</span>{' '}
            <strong title={exactUsd(potential_savings)}>{shownUsd(potential_savings)}</strong>
          </p>
        )}
      </header>
      <p className="mw-insight-text">{detail}</p>
      {recommendation && <p className="mw-insight-text mw-insight-todo">{recommendation}</p>}
      <Evidence evidence={evidence} title={title} />
    </article>
  );
}

type EvidenceRow = Record<string, unknown>;

/** The rule and the figures first, then the rows that they come from. */
function Evidence({ evidence, title }: { evidence: Record<string, unknown>; title: string }) {
  const { rule, ...rest } = evidence;
  const entries = Object.entries(rest);
  if (entries.length === 0 && rule === undefined) return null;
  const figures = entries.filter(([, value]) => value !== null && !isRows(value));
  const tables = entries.filter((entry): entry is [string, EvidenceRow[]] => isRows(entry[1]));
  return (
    <details className="mw-evidence">
      <summary>
        How this was found<span className="mw-hidden">: {title}</span>
      </summary>
      {typeof rule === 'string' && <p className="mw-form-help">How it is reckoned: {rule}.</p>}
      {figures.length > 0 && (
        <dl className="mw-figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{sentence(name)}</dt>
              <dd>{evidenceValue(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {tables.map(([name, rows]) => (
        <EvidenceTable key={name} name={sentence(name)} rows={rows} />
      ))}
    </details>
  );
}

function isRows(value: unknown): value is EvidenceRow[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === 'object' && row !== null)
  );
}

const MOST_ROWS = 100;

function EvidenceTable({ name, rows }: { name: string; rows: readonly EvidenceRow[] }) {
  const columns = evidenceColumns(rows);
  const shown = rows.slice(0, MOST_ROWS);
  return (
    <>
      {/* A scrolling region must be reachable by keyboard. */}
      <div className="mw-table-scroll mw-table-tall" role="region" aria-label={`${name}, table`} tabIndex={0}>
        <table className="mw-table">
          <thead>
            <tr>
              {columns.map(({ field, numeric }) => (
                <th scope="col" key={field} className={numeric ? 'mw-num' : ''}>
                  {sentence(field)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={`${index} ${columns.map(({ field }) => String(row[field])).join(' ')}`}>
                {columns.map(({ field, numeric }) => (
                  <td
                    key={field}
                    className={numeric ? 'mw-num' : 'mw-evidence-cell'}
                    title={field.endsWith('_hash') ? String(row[field]) : undefined}
                  >
                    {evidenceValue(field, row[field])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length && (
        <p className="mw-form-help">{countOf(rows.length - shown.length, 'more row')} in the API.</p>
      )}
    </>
  );
}
