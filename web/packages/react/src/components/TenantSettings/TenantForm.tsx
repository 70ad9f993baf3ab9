'use client';

import type { TenantChange, TenantSettings } from '@meterwire/client';
import { useState } from 'react';
import { useWideChange } from '../../hooks/useSettings.ts';
import { type Read, readUnless } from '../../logic/form.ts';
import { countOf } from '../../logic/number.ts';
import { readRetention } from '../../logic/settings/words.ts';
import { isZone } from '../../logic/zones.ts';
import { ConfirmDialog } from '../Dialog/ConfirmDialog.tsx';
import { TextField, ZoneField } from '../Form/Field.tsx';
import { ResourceForm, type Saving } from '../Form/ResourceForm.tsx';

interface Draft {
  name: string;
  zone: string;
  days: string;
}

export interface TenantFormProps {
  tenant: TenantSettings;
  onDone: () => void;
}

/** Name, zone and retention of a tenant. Before events are dropped for good it asks. */
export function TenantForm({ tenant, onDone }: TenantFormProps) {
  const save = useWideChange((client, change: TenantChange) => client.tenants.change(tenant.slug, change));
  const { asking, asked, ask } = useAskedBefore(save, (change) => dropsEvents(tenant, change));
  return (
    <>
      <ResourceForm
        what="tenant"
        name={tenant.name}
        label="Tenant"
        begin={draftOf(tenant)}
        read={(draft) => read(draft, tenant)}
        names={{ timezone: 'zone', retention_days: 'days' }}
        save={asked}
        said={({ name }) => `Saved the tenant ${name}.`}
        onDone={onDone}
      >
        {({ text }) => (
          <div className="mw-form-fields">
            <TextField
              {...text('name')}
              label="Name"
              help={`For people. In addresses it stays ${tenant.slug}.`}
            />
            <ZoneField
              {...text('zone')}
              help="Where its days and months begin: pages, budgets and reports follow, past days too."
            />
            <TextField
              {...text('days')}
              label="Keep single events, days"
              help="35 to 3650; empty is for ever. Totals are always kept."
              kind="decimal"
            />
          </div>
        )}
      </ResourceForm>
      <ConfirmDialog
        open={asking !== null}
        title={`Keep single events for ${countOf(asking?.retention_days ?? 0, 'day')} only?`}
        confirmLabel="Drop what is older"
        busyLabel="Saving…"
        busy={save.isPending}
        error={save.error}
        onClose={() => ask(false)}
        onConfirm={() => ask(true)}
      >
        <p>
          Single events that are older are dropped by and by, and do not come back when this is taken back.
          Totals stay exact; the log, and questions by two dimensions or by hour, do not reach back further.
        </p>
      </ConfirmDialog>
    </>
  );
}

type Save = Saving<TenantChange, TenantSettings>;

/** Holds back what `needs` to be asked for until it was. */
function useAskedBefore(save: Save, needs: (change: TenantChange) => boolean) {
  const [held, setHeld] = useState<{ change: TenantChange; options: Parameters<Save['mutate']>[1] } | null>(
    null,
  );
  const asked: Save = {
    isPending: save.isPending,
    error: held ? null : save.error,
    mutate: (change, options) =>
      needs(change) ? setHeld({ change, options }) : save.mutate(change, options),
  };
  const ask = (agreed: boolean) => {
    if (!agreed) return setHeld(null);
    if (held) save.mutate(held.change, held.options);
  };
  return { asking: held?.change ?? null, asked, ask };
}

function draftOf({ name, timezone, retention_days: days }: TenantSettings): Draft {
  return { name, zone: timezone, days: days === null ? '' : String(days) };
}

function read({ name, zone, days }: Draft, before: TenantSettings): Read<TenantChange> {
  const retention = readRetention(days);
  const problems = {
    name: name.trim() ? undefined : 'Enter a name.',
    zone: isZone(zone.trim()) ? undefined : 'Enter a zone such as Europe/Berlin.',
    days: 'problem' in retention ? retention.problem : undefined,
  };
  return readUnless(problems, () => {
    const kept = 'days' in retention ? retention.days : null;
    return {
      ...(name.trim() === before.name ? {} : { name: name.trim() }),
      ...(zone.trim() === before.timezone ? {} : { timezone: zone.trim() }),
      ...(kept === before.retention_days ? {} : { retention_days: kept }),
    };
  });
}

function dropsEvents(
  { retention_days: before }: TenantSettings,
  { retention_days: after }: TenantChange,
): boolean {
  return typeof after === 'number' && (before === null || after < before);
}
