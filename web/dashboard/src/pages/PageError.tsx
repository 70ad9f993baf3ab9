import { ErrorState } from '@meterwire/react';
import type { ErrorComponentProps } from '@tanstack/react-router';

/** The last net: a defect of the page itself says so instead of leaving it white. */
export function PageError({ error }: ErrorComponentProps) {
  return (
    <main className="app-main">
      <h1 className="mw-hidden">Error</h1>
      <section className="mw-card" aria-label="Error">
        <ErrorState error={error} onRetry={() => window.location.reload()} />
      </section>
    </main>
  );
}
