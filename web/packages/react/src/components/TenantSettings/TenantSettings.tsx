'use client';

import type { Me, TenantChange, TenantSettings as Settings } from '@meterwire/client';
import { useState } from 'react';
import { useTenant, useWideChange } from '../../hooks/useSettings.ts';
import { countOf } from '../../logic/number.ts';
import { Card } from '../Card/Card.tsx';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Asked } from '../States/Asked.tsx';
import { NewTenantForm } from './NewTenantForm.tsx';
import { TenantForm } from './TenantForm.tsx';

export interface TenantSettingsProps {
  me: Me;
  /** Which one is shown. */
  slug: string | undefined;
  canChange: boolean;
  /** A tenant was made and is to be shown. */
  onTenant: (slug: string) => void;
}

/** The tenant's name, its zone, and how long its single events are kept. */
export function TenantSettings({ me, slug, canChange, onTenant }: TenantSettingsProps) {
  const query = useTenant(slug);
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <Card
        title="Tenant"
        summary={canChange ? undefined : 'An owner changes these.'}
        actions={
          canChange &&
          query.data && (
            <button
              type="button"
              className="mw-button"
              aria-expanded={editing}
              onClick={() => setEditing(!editing)}
            >
              Edit
            </button>
          )
        }
      >
        <Asked keep query={query} label="the tenant" skeleton="mw-skeleton-line">
          {(tenant) => (
            <>
              {editing ? (
                <EditTenant tenant={tenant} onDone={() => setEditing(false)} />
              ) : (
                <Facts tenant={tenant} />
              )}
            </>
          )}
        </Asked>
      </Card>
      {me.role === 'admin' && (
        <Card
          title="Another tenant"
          summary="Only an admin makes tenants. Each has its own keys, users, prices and usage, and none sees another."
          actions={
            <button
              type="button"
              className="mw-button"
              aria-expanded={adding}
              onClick={() => setAdding(!adding)}
            >
              Add a tenant
            </button>
          }
        >
          {adding && <NewTenantForm onCancel={() => setAdding(false)} onMade={onTenant} />}
        </Card>
      )}
    </>
  );
}

function Facts({ tenant }: { tenant: Settings }) {
  const { slug, name, timezone, retention_days, events_from, created_at } = tenant;
  return (
    <dl className="mw-ministats">
      <MiniStat label="Name" value={name} note={`${slug} in addresses`} />
      <MiniStat label="Zone" value={timezone} note="Where its days and months begin" />
      <MiniStat
        label="Single events are kept"
        value={retention_days === null ? 'For ever' : countOf(retention_days, 'day')}
        note={events_from ? `Before ${events_from} only totals are left` : 'Totals are always kept'}
      />
      <MiniStat label="Made on" value={created_at.slice(0, 10)} />
    </dl>
  );
}

function EditTenant({ tenant, onDone }: { tenant: Settings; onDone: () => void }) {
  const say = useNotice();
  const [asking, setAsking] = useState<TenantChange | null>(null);
  const save = useWideChange((client, change: TenantChange) => client.tenants.change(tenant.slug, change));
  const send = (change: TenantChange) =>
    save.mutate(change, {
      onSuccess: ({ name }) => {
        setAsking(null);
        onDone();
        say(`Saved the tenant ${name}.`);
      },
    });
  return (
    <>
      <TenantForm
        tenant={tenant}
        busy={save.isPending}
        error={asking ? null : save.error}
        onCancel={onDone}
        onSave={(change) => (dropsEvents(tenant, change) ? setAsking(change) : send(change))}
      />
      <ConfirmDialog
        open={asking !== null}
        title={`Keep single events for ${countOf(asking?.retention_days ?? 0, 'day')} only?`}
        confirmLabel="Drop what is older"
        busyLabel="Saving…"
        busy={save.isPending}
        error={save.error}
        onClose={() => setAsking(null)}
        onConfirm={() => asking && send(asking)}
      >
        <p>
          Single events that are older are dropped by and by, and do not come back when this is taken back.
          Totals stay exact; the log, and questions by two dimensions or by hour, do not reach back further.
        </p>
      </ConfirmDialog>
    </>
  );
}

function dropsEvents({ retention_days: before }: Settings, { retention_days: after }: TenantChange): boolean {
  return typeof after === 'number' && (before === null || after < before);
}
