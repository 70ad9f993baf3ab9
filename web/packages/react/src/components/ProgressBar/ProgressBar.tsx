import { formatShare } from '../../logic/number.ts';
import { Meter, type MeterProps, type MeterTone } from '../Meter/Meter.tsx';

/** Blue for the usual, green for good, yellow for a warning, red for too much, purple for what stands second. */
export type BarColor = 'blue' | 'green' | 'yellow' | 'red' | 'purple';

export interface AmountBarProps {
  label: string;
  value: number;
  /** What 100 % is. */
  max: number;
  color?: BarColor;
  /** How amounts are written; with thousands separators where it is absent. */
  format?: (amount: number) => string;
}

/** An amount of a whole, with its words; or a bare meter, where the words stand elsewhere. */
export type ProgressBarProps = AmountBarProps | MeterProps;

const TONE: Record<BarColor, MeterTone> = {
  blue: 'calm',
  green: 'good',
  yellow: 'yellow',
  red: 'full',
  purple: 'purple',
};

const AMOUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** How much of something is used. */
export function ProgressBar(props: ProgressBarProps) {
  return 'max' in props ? <AmountBar {...props} /> : <Meter {...props} />;
}

function AmountBar({
  label,
  value,
  max,
  color = 'blue',
  format = (amount) => AMOUNT.format(amount),
}: AmountBarProps) {
  const share = formatShare(value, max);
  const words = `${format(value)} of ${format(max)}`;
  return (
    <div className="mw-progress">
      <div className="mw-progress-words" aria-hidden="true">
        <span className="mw-progress-label">{label}</span>
        <span className="mw-progress-value">
          {words} <strong>{share}</strong>
        </span>
      </div>
      <Meter
        percentage={max > 0 ? (value / max) * 100 : 0}
        label={label}
        valueText={`${words}, ${share}`}
        tone={TONE[color]}
      />
    </div>
  );
}
