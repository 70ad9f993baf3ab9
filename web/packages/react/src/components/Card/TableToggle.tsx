import { Icon } from '../Icon/Icon.tsx';

export interface TableToggleProps {
  /** The chart's title, so that the button can be told from those of other charts. */
  what: string;
  asTable: boolean;
  onChange: (asTable: boolean) => void;
}

/** Every chart can be read as a table with all of its points. */
export function TableToggle({ what, asTable, onChange }: TableToggleProps) {
  const text = asTable ? 'View as chart' : 'View as table';
  return (
    <button
      type="button"
      className="mw-button mw-button-quiet"
      aria-label={`${text}: ${what}`}
      onClick={() => onChange(!asTable)}
    >
      <Icon name={asTable ? 'bars' : 'table'} />
      <span className="mw-button-text">{text}</span>
    </button>
  );
}
