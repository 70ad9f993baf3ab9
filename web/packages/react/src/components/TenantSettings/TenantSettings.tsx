'use client';

import type { Me, TenantSettings as Settings } from '@meterwire/client';
import { useTenant } from '../../hooks/useSettings.ts';
import { countOf } from '../../logic/number.ts';
import { zoneLabel } from '../../logic/zones.ts';
import { Card } from '../Card/Card.tsx';
import { useOpened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
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
  const editing = useOpened<'edit'>();
  const adding = useOpened<'new'>();
  return (
    <>
      <Card
        title="Tenant"
        summary={canChange ? undefined : 'An owner changes these.'}
        actions={
          canChange &&
          query.data && (
            <ToggleButton
              text="Edit"
              open={editing.opened !== null}
              onToggle={(on) => editing.open(on ? 'edit' : null)}
            />
          )
        }
      >
        <Asked keep query={query} label="the tenant" skeleton="mw-skeleton-line">
          {(tenant) =>
            editing.opened ? (
              <>{editing.around(<TenantForm tenant={tenant} onDone={editing.close} />)}</>
            ) : (
              <Facts tenant={tenant} />
            )
          }
        </Asked>
      </Card>
      {me.role === 'admin' && (
        <Card
          title="Another tenant"
          summary="Only an admin makes tenants. Each has its own keys, users, prices and usage, and none sees another."
          actions={
            <ToggleButton
              text="Add a tenant"
              open={adding.opened !== null}
              onToggle={(on) => adding.open(on ? 'new' : null)}
            />
          }
        >
          {adding.opened && adding.around(<NewTenantForm onDone={adding.close} onMade={onTenant} />)}
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
      <MiniStat label="Zone" value={zoneLabel(timezone)} note="Where its days and months begin" />
      <MiniStat
        label="Single events are kept"
        value={retention_days === null ? 'For ever' : countOf(retention_days, 'day')}
        note={events_from ? `Before ${events_from} only totals are left` : 'Totals are always kept'}
      />
      <MiniStat label="Made on" value={created_at.slice(0, 10)} />
    </dl>
  );
}
