import { EmptyRange } from './EmptyRange.tsx';

/** What a key sees that may not read a page: one that only writes, or one that reads only its own usage. */
export function NotForThisKey({ role }: { role: string }) {
  return (
    <section className="mw-card" aria-label="Nothing to show">
      <EmptyRange>
        {role === 'member'
          ? 'This page is about the whole tenant. A member reads its own usage; sign in with an owner or viewer key.'
          : `A key with the role ${role} records usage and takes decisions, but reads no page. Sign in with an owner, member or viewer key.`}
      </EmptyRange>
    </section>
  );
}
