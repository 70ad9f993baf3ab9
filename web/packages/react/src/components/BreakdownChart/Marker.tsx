export { SERIES_COUNT, seriesIndex } from '../../logic/chart/series.ts';

/** Pattern fills, so that no two neighbours differ by colour alone. */
export function SeriesPatterns({ idBase }: { idBase: string }) {
  const lines: Record<number, string> = {
    1: 'M0,6L6,0',
    2: 'M3,3h.01',
    3: 'M0,3H6',
    4: 'M3,0V6',
    5: 'M0,6L6,0M0,0L6,6',
  };
  return (
    <defs>
      {Object.entries(lines).map(([series, path]) => (
        <pattern key={series} id={`${idBase}-${series}`} width="6" height="6" patternUnits="userSpaceOnUse">
          <path className={`mw-pattern ${series === '2' ? 'mw-pattern-dots' : ''}`} d={path} />
        </pattern>
      ))}
    </defs>
  );
}

/** A small square in the colour and pattern of a row. */
export function Swatch({ series, idBase }: { series: number; idBase: string }) {
  return (
    <svg className="mw-swatch" width="14" height="14" aria-hidden="true" focusable="false">
      <rect className={`mw-series-${series}`} width="14" height="14" rx="3" />
      {series > 0 && <rect width="14" height="14" rx="3" fill={`url(#${idBase}-${series})`} />}
    </svg>
  );
}
