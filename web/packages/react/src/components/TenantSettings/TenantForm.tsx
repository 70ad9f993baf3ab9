'use client';

import type { TenantChange, TenantSettings } from '@meterwire/client';
import { useId, useState } from 'react';
import { readRetention } from '../../logic/settings/words.ts';
import { isZone, knownZones } from '../../logic/zones.ts';
import { TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

export interface TenantFormProps {
  tenant: TenantSettings;
  busy: boolean;
  error: Error | null;
  onSave: (change: TenantChange) => void;
  onCancel: () => void;
}

export function TenantForm({ tenant, busy, error, onSave, onCancel }: TenantFormProps) {
  const [name, setName] = useState(tenant.name);
  const [zone, setZone] = useState(tenant.timezone);
  const [days, setDays] = useState(tenant.retention_days === null ? '' : String(tenant.retention_days));
  const [problems, setProblems] = useState<{ name?: string; zone?: string; days?: string }>({});
  const zones = useId();
  const save = () => {
    const retention = readRetention(days);
    const found = {
      ...(name.trim() === '' ? { name: 'Enter a name.' } : {}),
      ...(isZone(zone.trim()) ? {} : { zone: 'Enter a zone such as Europe/Berlin.' }),
      ...('problem' in retention ? { days: retention.problem } : {}),
    };
    setProblems(found);
    if (Object.keys(found).length > 0) return Object.keys(found)[0];
    const kept = 'days' in retention ? retention.days : null;
    onSave({
      ...(name.trim() === tenant.name ? {} : { name: name.trim() }),
      ...(zone.trim() === tenant.timezone ? {} : { timezone: zone.trim() }),
      ...(kept === tenant.retention_days ? {} : { retention_days: kept }),
    });
    return undefined;
  };
  return (
    <Form label="Tenant" saveLabel="Save tenant" busy={busy} error={error} onSave={save} onCancel={onCancel}>
      <div className="mw-form-fields">
        <TextField
          name="name"
          label="Name"
          help={`For people. In addresses it stays ${tenant.slug}.`}
          value={name}
          problem={problems.name}
          onChange={setName}
        />
        <TextField
          name="zone"
          label="Zone"
          help="Where its days and months begin: pages, budgets and reports follow, past days too."
          list={zones}
          value={zone}
          problem={problems.zone}
          onChange={setZone}
        />
        <TextField
          name="days"
          label="Keep single events, days"
          help="35 to 3650; empty is for ever. Totals are always kept."
          kind="decimal"
          value={days}
          problem={problems.days}
          onChange={setDays}
        />
      </div>
      <datalist id={zones}>
        {knownZones().map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </Form>
  );
}
