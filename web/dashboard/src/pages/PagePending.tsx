import { Skeleton } from '@meterwire/react';

/** Stands there while the code of a page is on its way. */
export function PagePending() {
  return (
    <main className="app-main">
      <h1 className="mw-hidden">Meterwire</h1>
      <Skeleton label="the page" className="app-skeleton" />
    </main>
  );
}
