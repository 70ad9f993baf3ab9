'use client';

import type { IssuedKey, Me } from '@meterwire/client';
import { type ReactNode, useEffect, useState } from 'react';
import { useLive } from '../../hooks/useLive.ts';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { useView } from '../../hooks/useView.ts';
import { mayChange } from '../../logic/budget/state.ts';
import { firstEvent, LANGUAGE_LABEL, LANGUAGES, type Language } from '../../logic/snippets.ts';
import { useMeterwire } from '../../state/MeterwireProvider.tsx';
import { CopyBlock } from '../CopyBlock/CopyBlock.tsx';
import { Tabs } from '../Tabs/Tabs.tsx';
import { Waiting } from './Waiting.tsx';

export interface FirstRunProps {
  me: Me;
  /** The server's address as a shell would reach it. */
  origin: string;
}

/** What a tenant without any event sees: a key, a first event to copy, and a page that waits for it. */
export function FirstRun({ me, origin }: FirstRunProps) {
  const { tenant } = useView().view;
  const [language, setLanguage] = useState<Language>('curl');
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const [now] = useState(() => new Date());
  const live = useArrival();
  const code = firstEvent(language, {
    origin,
    // A key of the tenant's own names it by itself.
    tenant: me.role === 'admin' && !issued ? tenant : undefined,
    now,
    token: issued?.token,
  });
  return (
    <section className="mw-card mw-first" aria-label="Send the first event">
      <h2 className="mw-first-title">No events yet</h2>
      <p className="mw-first-text">Two steps, and this page fills by itself.</p>
      <ol className="mw-first-steps">
        <Step title="A key for your backend">
          <KeyStep me={me} issued={issued} onIssued={setIssued} />
        </Step>
        <Step title="The first event">
          <Tabs
            label="Language"
            tabs={LANGUAGES.map((name) => ({ name, label: LANGUAGE_LABEL[name] }))}
            chosen={language}
            onChoose={setLanguage}
          >
            <CopyBlock label="Command that sends the first event" text={code} />
          </Tabs>
        </Step>
      </ol>
      <Waiting live={live} />
    </section>
  );
}

/** Asks everything again as soon as something was recorded. */
function useArrival() {
  const { queryClient } = useMeterwire();
  const live = useLive();
  const calls = live.totals?.calls ?? 0;
  useEffect(() => {
    if (calls > 0) void queryClient.invalidateQueries({ queryKey: ['meterwire'] });
  }, [calls, queryClient]);
  return live;
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li className="mw-first-step">
      <h3 className="mw-first-step-title">{title}</h3>
      {children}
    </li>
  );
}

interface KeyStepProps {
  me: Me;
  issued: IssuedKey | null;
  onIssued: (issued: IssuedKey) => void;
}

function KeyStep({ me, issued, onIssued }: KeyStepProps) {
  const create = useSettingsChange((client, name: string, options) =>
    client.keys.create({ name, role: 'ingest' }, options),
  );
  if (issued) {
    return (
      <>
        <p className="mw-first-text">
          The key {issued.name} records and reads nothing. Copy it now: it is shown this once, and stands in
          the commands below.
        </p>
        <CopyBlock label={`Token of ${issued.name}`} text={issued.token} />
      </>
    );
  }
  if (!mayChange(me)) {
    return (
      <p className="mw-first-text">
        Put an owner or ingest key into <code>METERWIRE_KEY</code>: the one that you signed in with may only
        read. An owner makes keys in the settings.
      </p>
    );
  }
  return (
    <>
      <p className="mw-first-text">
        Make one, and it stands in the commands below. Or put one that you have into{' '}
        <code>METERWIRE_KEY</code>, such as the one that you signed in with{me.key ? ` (${me.key.name})` : ''}
        .
      </p>
      <button
        type="button"
        className="mw-button mw-button-strong"
        aria-disabled={create.isPending}
        onClick={() => !create.isPending && create.mutate('Backend', { onSuccess: onIssued })}
      >
        {create.isPending ? 'Making it…' : 'Make a key'}
      </button>
      {create.error && (
        <p className="mw-problem" role="alert">
          {create.error.message}
        </p>
      )}
    </>
  );
}
