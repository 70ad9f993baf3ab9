'use client';

import { useAudit } from '../../hooks/useSettings.ts';
import { instantInZone } from '../../logic/dates.ts';
import { actionText, actorText } from '../../logic/settings/words.ts';
import { Card } from '../Card/Card.tsx';
import { Paged } from '../Paged/Paged.tsx';

export interface AuditTableProps {
  zone: string;
  /** What entries are about that are marked. */
  marked?: string | undefined;
}

/** Who changed what, newest first. */
export function AuditTable({ zone, marked }: AuditTableProps) {
  const query = useAudit();
  return (
    <Card title="Audit log" summary={`Every change and who made it, newest first, times in ${zone}.`}>
      <Paged
        query={query}
        label="the audit log"
        one="change"
        empty="Nothing was changed yet. What is done here, by the API and on the command line stands here afterwards."
      >
        {(entries) => (
          // A scrolling region must be reachable by keyboard.
          <div className="mw-table-scroll" role="region" aria-label="Audit log, table" tabIndex={0}>
            <table className="mw-table mw-stack">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">On what</th>
                  <th scope="col">Who</th>
                  <th scope="col">When</th>
                </tr>
              </thead>
              <tbody>
                {entries.map(({ seq, at, actor, action, target }) => (
                  <tr key={seq} className={marked && target.includes(marked) ? 'mw-row-open' : ''}>
                    <th scope="row">
                      <strong>{actionText(action)}</strong>
                      <span className="mw-cell-note mw-hash">{action}</span>
                    </th>
                    <td data-label="On what" className="mw-cell-id" title={target}>
                      {target}
                    </td>
                    <td data-label="Who" className="mw-cell-id" title={actor}>
                      {actorText(actor)}
                    </td>
                    <td data-label="When">
                      <time dateTime={at}>{instantInZone(at, zone)}</time>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Paged>
    </Card>
  );
}
