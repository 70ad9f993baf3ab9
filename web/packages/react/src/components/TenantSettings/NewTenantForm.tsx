'use client';

import type { NewTenant } from '@meterwire/client';
import { useId, useState } from 'react';
import { useWideChange } from '../../hooks/useSettings.ts';
import { isSlug, slugOf } from '../../logic/settings/words.ts';
import { isZone, knownZones } from '../../logic/zones.ts';
import { TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

export interface NewTenantFormProps {
  onMade: (slug: string) => void;
  onCancel?: () => void;
}

/** Makes a tenant. Its name in addresses follows the one for people until it is written by hand. */
export function NewTenantForm({ onMade, onCancel }: NewTenantFormProps) {
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string | null>(null);
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  const [problems, setProblems] = useState<{ name?: string; slug?: string; zone?: string }>({});
  const zones = useId();
  const slug = ownSlug ?? slugOf(name);
  const create = useWideChange((client, tenant: NewTenant) => client.tenants.create(tenant));
  const save = () => {
    const found = {
      ...(name.trim() === '' ? { name: 'Enter a name, such as that of your company.' } : {}),
      ...(isSlug(slug) ? {} : { slug: 'Use a to z, 0 to 9 and hyphens, such as acme.' }),
      ...(isZone(zone.trim()) ? {} : { zone: 'Enter a zone such as Europe/Berlin.' }),
    };
    setProblems(found);
    if (Object.keys(found).length > 0) return Object.keys(found)[0];
    create.mutate(
      { slug, name: name.trim(), timezone: zone.trim() },
      { onSuccess: (made) => onMade(made.slug) },
    );
    return undefined;
  };
  return (
    <Form
      label="New tenant"
      saveLabel="Make the tenant"
      busy={create.isPending}
      error={create.error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        <TextField
          name="name"
          label="Name"
          help="Who it is, for people."
          placeholder="Acme Robotics"
          value={name}
          problem={problems.name}
          onChange={setName}
        />
        <TextField
          name="slug"
          label="Name in addresses"
          help="It cannot be changed later."
          value={slug}
          problem={problems.slug}
          onChange={setOwnSlug}
        />
        <TextField
          name="zone"
          label="Zone"
          help="Where its days and months begin."
          list={zones}
          value={zone}
          problem={problems.zone}
          onChange={setZone}
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
