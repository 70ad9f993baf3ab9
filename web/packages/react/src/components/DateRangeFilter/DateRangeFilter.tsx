'use client';

import { useView } from '../../hooks/useView.ts';
import { PRESET_LABEL, PRESETS, type Preset } from '../../logic/range.ts';
import { Segments } from '../Segments/Segments.tsx';
import { CustomRange } from './CustomRange.tsx';

const CHOICES: readonly { value: Preset; label: string }[] = PRESETS.map((value) => ({
  value,
  label: PRESET_LABEL[value],
}));

/** Chooses the range that every component under the same provider shows. */
export function DateRangeFilter({ tz }: { tz: string }) {
  const { view, setRange } = useView();
  const chosen = 'preset' in view.range ? view.range.preset : null;
  return (
    <div className="mw-range">
      <Segments
        legend="Date range"
        choices={CHOICES}
        chosen={chosen}
        onChoose={(preset) => setRange({ preset })}
        letsGo
      />
      <CustomRange range={view.range} tz={tz} onApply={setRange} />
    </div>
  );
}
