'use client';

import type { LimitMetric, Limits } from '@meterwire/client';
import { useLimitMetrics, useLimitsChange, useTenantLimits } from '../../hooks/useLimits.ts';
import { limitText, metricLabel } from '../../logic/limits/words.ts';
import { Card } from '../Card/Card.tsx';
import { useOpened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';
import { LimitsEditor, type LimitsWanted } from '../LimitsEditor/LimitsEditor.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';

/** Limits over all users of the tenant together, beside those of each user: both must allow. */
export function TenantLimits({ canChange }: { canChange: boolean }) {
  const limits = useTenantLimits();
  const metrics = useLimitMetrics();
  const { opened, open, close, around } = useOpened<'edit'>();
  return (
    <Card
      title="Limits of the whole tenant"
      summary="Over all users together. A decision must fit into the user's limit and into this one."
      actions={
        canChange &&
        limits.data &&
        metrics.data && (
          <ToggleButton
            text="Edit"
            label="Edit the limits of the whole tenant"
            open={opened !== null}
            onToggle={(on) => open(on ? 'edit' : null)}
          />
        )
      }
    >
      <Asked keep query={limits} label="limits of the tenant" skeleton="mw-skeleton-line">
        {(data) => (
          <Asked keep query={metrics} label="metrics" skeleton="mw-skeleton-line">
            {({ items }) =>
              opened ? (
                around(<Editor limits={data.limits} metrics={items} onDone={close} />)
              ) : (
                <Shown limits={data.limits} metrics={items} />
              )
            }
          </Asked>
        )}
      </Asked>
    </Card>
  );
}

interface ShownProps {
  limits: Limits;
  metrics: readonly LimitMetric[];
}

function Shown({ limits, metrics }: ShownProps) {
  const limited = metrics.filter(({ name }) => typeof limits[name] === 'number');
  if (limited.length === 0) return <EmptyRange>No metric is limited for the tenant as a whole.</EmptyRange>;
  return (
    <dl className="mw-ministats">
      {limited.map(({ name, unit }) => (
        <MiniStat key={name} label={metricLabel(name)} value={limitText(name, limits[name], unit)} />
      ))}
    </dl>
  );
}

function Editor({ limits, metrics, onDone }: ShownProps & { onDone: () => void }) {
  const save = useLimitsChange((client, wanted: LimitsWanted, options) =>
    client.tenantLimits.replace(wanted.limits, options),
  );
  // An unlimited tenant is one without a limit: the empty field says so already.
  const numbers = Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== null));
  return (
    <LimitsEditor
      label="Limits of the whole tenant"
      metrics={metrics}
      limits={numbers}
      emptyMeans={() => 'No limit'}
      canBeUnlimited={false}
      saveLabel="Save limits"
      save={save}
      said={() => 'Saved the limits of the whole tenant.'}
      onDone={onDone}
    />
  );
}
