import { EmptyRange } from '@meterwire/react';
import { Link } from '@tanstack/react-router';

export function NotFoundPage() {
  return (
    <main className="app-main">
      <h1 className="mw-hidden">Page not found</h1>
      <section className="mw-card" aria-label="Page not found">
        <EmptyRange
          action={
            <Link className="mw-button" to="/" search={{}}>
              Go to the overview
            </Link>
          }
        >
          There is no page at this address.
        </EmptyRange>
      </section>
    </main>
  );
}
