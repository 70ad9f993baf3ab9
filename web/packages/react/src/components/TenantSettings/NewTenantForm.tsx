'use client';

import type { NewTenant } from '@meterwire/client';
import { useWideChange } from '../../hooks/useSettings.ts';
import { type Read, readUnless } from '../../logic/form.ts';
import { isSlug, slugOf } from '../../logic/settings/words.ts';
import { isZone } from '../../logic/zones.ts';
import { TextField, ZoneField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

interface Draft {
  name: string;
  /** Follows the name until it is written by hand. */
  slug: string | null;
  timezone: string;
}

export interface NewTenantFormProps {
  onMade: (slug: string) => void;
  onDone?: () => void;
}

/** Makes a tenant. Its name in addresses follows the one for people until it is written by hand. */
export function NewTenantForm({ onMade, onDone }: NewTenantFormProps) {
  const create = useWideChange((client, tenant: NewTenant) => client.tenants.create(tenant));
  return (
    <ResourceForm
      what="tenant"
      heading={null}
      saveLabel="Make the tenant"
      begin={{
        name: '',
        slug: null as string | null,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
      }}
      read={read}
      save={create}
      onDone={onDone}
      onSaved={({ slug }) => onMade(slug)}
    >
      {({ draft, problems, text, change }) => (
        <div className="mw-form-fields">
          <TextField
            {...text('name')}
            label="Name"
            help="Who it is, for people."
            placeholder="Acme Robotics"
          />
          <TextField
            name="slug"
            label="Name in addresses"
            help="It cannot be changed later."
            value={slugIn(draft)}
            problem={problems.slug}
            onChange={(slug) => change({ slug })}
          />
          <ZoneField {...text('timezone')} help="Where its days and months begin." />
        </div>
      )}
    </ResourceForm>
  );
}

function slugIn({ name, slug }: Draft): string {
  return slug ?? slugOf(name);
}

function read(draft: Draft): Read<NewTenant> {
  const { name, timezone } = { name: draft.name.trim(), timezone: draft.timezone.trim() };
  const slug = slugIn(draft);
  const problems = {
    name: name ? undefined : 'Enter a name, such as that of your company.',
    slug: isSlug(slug) ? undefined : 'Use a to z, 0 to 9 and hyphens, such as acme.',
    timezone: isZone(timezone) ? undefined : 'Enter a zone such as Europe/Berlin.',
  };
  return readUnless(problems, () => ({ slug, name, timezone }));
}
