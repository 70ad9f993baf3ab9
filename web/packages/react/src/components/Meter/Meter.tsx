import type { Tone } from '../../logic/limits/words.ts';

/** `good` is green: judged and found well, as a budget is. The others are colours that somebody chose. */
export type MeterTone = Tone | 'good' | 'purple' | 'yellow';

export interface MeterProps {
  /** How full it is, from 0; above 100 it is drawn full and said as it is. */
  percentage: number;
  /** The part of it that is only held, drawn lighter at the end. */
  heldPercentage?: number;
  /** What is measured, for a screen reader. */
  label: string;
  /** What it says in full, such as `7 of 10, 70 %`. */
  valueText: string;
  tone?: MeterTone;
}

/** A bare meter: how much of a limit is used. Colour never stands alone, the words beside it say the same. */
export function Meter({ percentage, heldPercentage = 0, label, valueText, tone = 'calm' }: MeterProps) {
  const whole = clamp(percentage);
  const used = clamp(percentage - heldPercentage);
  return (
    <div
      className={`mw-meter mw-meter-${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(whole * 10) / 10}
      aria-valuetext={valueText}
    >
      {whole > used && <span className="mw-meter-held" style={{ width: `${whole}%` }} />}
      {used > 0 && <span className="mw-meter-fill" style={{ width: `${used}%` }} />}
    </div>
  );
}

function clamp(percentage: number): number {
  return Math.max(0, Math.min(100, percentage));
}
