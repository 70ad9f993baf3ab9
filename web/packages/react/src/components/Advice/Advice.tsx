'use client';

import { useModelComparison } from '../../hooks/useSpend.ts';
import { useView } from '../../hooks/useView.ts';
import { instantSpan } from '../../logic/dates.ts';
import { Card } from '../Card/Card.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

/** What this month's models suggest: cheaper ones of the same provider, and prices that are missing. */
export function Advice() {
  const { view } = useView();
  const [project, ...others] = view.filters.project ?? [];
  // It is known of one project or of the whole tenant.
  const workspace = others.length === 0 && project ? project : undefined;
  const query = useModelComparison(workspace);
  const { data, error } = query;
  const whose = workspace ? `the project ${workspace}` : 'all projects';
  return (
    <Card
      title="Insights and recommendations"
      className="mw-card-advice"
      summary={data && !error && `From ${whose} in ${instantSpan(data.from, data.to, data.tz)}.`}
    >
      <Asked query={query} label="recommendations" skeleton="mw-skeleton-breakdown">
        {({ recommendations }) =>
          recommendations.length === 0 ? (
            <EmptyRange>Nothing to recommend: no dear model stands out, and all have prices.</EmptyRange>
          ) : (
            <ul className="mw-advice">
              {recommendations.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )
        }
      </Asked>
    </Card>
  );
}
