'use client';

import { useView } from '../../hooks/useView.ts';
import { todayInZone } from '../../logic/dates.ts';
import { periodOf, rangeText, shiftRange } from '../../logic/period.ts';
import { PERIODS, type Period } from '../../logic/range.ts';
import { CustomRange } from '../DateRangeFilter/CustomRange.tsx';
import { Icon } from '../Icon/Icon.tsx';
import { Segments } from '../Segments/Segments.tsx';

const PERIOD_CHOICES: readonly { value: Period; label: string }[] = [
  { value: 'today', label: 'Today' },
  { value: 'this_week', label: 'Week' },
  { value: 'this_month', label: 'Month' },
  { value: 'this_year', label: 'Year' },
];

/** A day, a week, a month or a year, the one before and the one after, or days chosen by hand. */
export function PeriodPicker({ tz }: { tz: string }) {
  const { view, setRange } = useView();
  const now = new Date();
  const today = todayInZone(now, tz);
  const shown = periodOf(view.range, today);
  const [earlier, later] = [shiftRange(view.range, -1, today, now), shiftRange(view.range, 1, today, now)];
  return (
    <div className="mw-range mw-periods">
      <Segments
        legend="Period"
        choices={PERIOD_CHOICES}
        // The button of the present one leads back to it from any other.
        chosen={'preset' in view.range ? shown : null}
        onChoose={(preset) => setRange({ preset })}
        letsGo
      />
      <div className="mw-steps" role="group" aria-label="Move the period">
        <button
          type="button"
          className="mw-button mw-button-icon"
          aria-label={`Earlier than ${rangeText(view.range, tz)}`}
          title="Earlier (left arrow)"
          onClick={() => earlier && setRange(earlier)}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          className="mw-button mw-button-icon"
          aria-label={`Later than ${rangeText(view.range, tz)}`}
          title="Later (right arrow)"
          aria-disabled={later === null}
          onClick={() => later && setRange(later)}
        >
          <Icon name="right" />
        </button>
      </div>
      <CustomRange range={view.range} tz={tz} named={PERIODS} onApply={setRange} />
    </div>
  );
}
