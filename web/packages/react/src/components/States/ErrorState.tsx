import { adviceFor } from '../../logic/advice.ts';
import { Icon } from '../Icon/Icon.tsx';

export interface ErrorStateProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** True while the retry is under way. */
  retrying?: boolean;
}

/** Says what happened, what to do, and offers to try again. It never shows a number. */
export function ErrorState({ error, onRetry, retrying = false }: ErrorStateProps) {
  const advice = adviceFor(error);
  return (
    <div className="mw-state mw-state-error" role="alert">
      <span className="mw-state-mark">
        <Icon name="alert" />
      </span>
      <p className="mw-state-title">{advice.title}</p>
      <p className="mw-state-text">{advice.message}</p>
      <p className="mw-state-text">{advice.todo}</p>
      {onRetry && advice.canRetry && (
        <button type="button" className="mw-button" onClick={onRetry} aria-disabled={retrying}>
          <Icon name="refresh" />
          {retrying ? 'Trying again…' : 'Retry'}
        </button>
      )}
      {advice.reference && <p className="mw-state-reference">{advice.reference}</p>}
    </div>
  );
}
