import type { Granularity, UsageBucket } from '@meterwire/client';
import { type Band, labelledIndexes, type Plot } from '../../logic/chart/scale.ts';
import { axisLabel } from '../../logic/dates.ts';

export interface TrendAxisProps {
  buckets: readonly UsageBucket[];
  granularity: Granularity;
  places: readonly Band[];
  plot: Plot;
}

/** When the bars were, as many labels as fit. */
export function TrendAxis({ buckets, granularity, places, plot }: TrendAxisProps) {
  const areHours = granularity === 'hour';
  return (
    <g aria-hidden="true">
      {labelledIndexes(places.length, plot.width, 64, areHours).map((index) => {
        const band = places[index];
        const bucket = buckets[index];
        if (!band || !bucket) return null;
        return (
          <text
            key={bucket.start}
            className="mw-tick"
            x={Math.min(band.center, plot.left + plot.width - 18)}
            y={plot.top + plot.height + 18}
            textAnchor="middle"
          >
            {axisLabel(bucket.label, granularity)}
          </text>
        );
      })}
    </g>
  );
}
