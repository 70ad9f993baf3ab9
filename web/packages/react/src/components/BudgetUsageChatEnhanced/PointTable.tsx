import type { BarPoint } from '../Bars/Bars.tsx';

export interface PointTableProps {
  title: string;
  /** What a row is. */
  first: string;
  points: readonly BarPoint[];
  /** What the values are. */
  value?: string;
  /** What the marks are, where there is one a row. */
  marks?: string;
}

/** Every point of a chart. */
export function PointTable({ title, first, points, value = 'Spent', marks }: PointTableProps) {
  return (
    // A scrolling region must be reachable by keyboard.
    <div className="mw-table-scroll mw-table-tall" role="region" aria-label={`${title}, table`} tabIndex={0}>
      <table className="mw-table">
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col" className="mw-num">
              {value}
            </th>
            {marks && (
              <th scope="col" className="mw-num">
                {marks}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {points.map(({ key, name, text, partial, markText }) => (
            <tr key={key}>
              <th scope="row">
                {name}
                {partial && <span className="mw-quiet"> so far</span>}
              </th>
              <td className="mw-num">{text}</td>
              {marks && <td className="mw-num">{markText}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
