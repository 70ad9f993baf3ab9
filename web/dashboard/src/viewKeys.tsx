import { useMe, useView, useViewKeys } from '@meterwire/react';
import { useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';

// Fetched when somebody asks for it.
const KeysHelp = lazy(async () => ({ default: (await import('./keysHelp.ts')).KeysHelp }));

/** Pages that follow the shared range. */
const WITH_RANGE = /^\/($|log$|departments$|reconcile$|dashboard\/[^/]+\/usage$)/;

/** The keys of all pages but the sign-in. */
export function PageKeys() {
  const path = useLocation({ select: (location) => location.pathname });
  return path === '/login' ? null : <Keys hasRange={WITH_RANGE.test(path)} />;
}

function Keys({ hasRange }: { hasRange: boolean }) {
  const { view } = useView();
  const { data: me } = useMe();
  const [help, setHelp] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const tenant = me?.tenants.find(({ slug }) => slug === (view.tenant ?? me.tenant?.slug)) ?? me?.tenant;
  useViewKeys({
    tz: view.tz ?? tenant?.timezone ?? 'UTC',
    hasRange: hasRange && me !== undefined,
    onHelp: () => {
      setHelp(true);
      setWasOpen(true);
    },
  });
  if (!wasOpen) return null;
  return (
    <Suspense fallback={null}>
      <KeysHelp open={help} onClose={() => setHelp(false)} />
    </Suspense>
  );
}
