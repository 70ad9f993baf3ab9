import { EmptyRange } from './EmptyRange.tsx';

/** What a key that only writes sees. */
export function NotForThisKey({ role }: { role: string }) {
  return (
    <section className="mw-card" aria-label="Nothing to show">
      <EmptyRange>
        A key with the role {role} records usage and takes decisions, but reads no page. Sign in with an
        owner, member or viewer key.
      </EmptyRange>
    </section>
  );
}
