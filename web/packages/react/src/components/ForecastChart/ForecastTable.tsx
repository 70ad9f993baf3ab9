import type { UsageForecast } from '@meterwire/client';
import { bucketLabel } from '../../logic/dates.ts';
import { amountExact, amountText } from '../../logic/forecast.ts';

/** Every day of the period: what it used, or what is expected of it. */
export function ForecastTable({ answer, title }: { answer: UsageForecast; title: string }) {
  const { forecast } = answer;
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll mw-table-tall" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            {['Used', 'Expected', 'Low 80 %', 'High 80 %', 'Low 95 %', 'High 95 %'].map((label) => (
              <th scope="col" className="mw-num" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.days.map((day) => (
            <tr key={day.date}>
              <th scope="row">{bucketLabel(day.date, 'day')}</th>
              <td className="mw-num">{amountExact(day.actual)}</td>
              {[day.mean, day.low_80, day.high_80, day.low_95, day.high_95].map((value, at) => (
                <td className="mw-num" key={at}>
                  {amountText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Period</th>
            <td className="mw-num">{amountExact(answer.actual_to_date)}</td>
            {[forecast.mean, forecast.low_80, forecast.high_80, forecast.low_95, forecast.high_95].map(
              (value, at) => (
                <td className="mw-num" key={at}>
                  {amountText(value)}
                </td>
              ),
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
