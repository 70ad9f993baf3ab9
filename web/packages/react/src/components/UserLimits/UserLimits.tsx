'use client';

import { MeterwireError } from '@meterwire/client';
import { useEffect, useRef } from 'react';
import {
  useLimitMetrics,
  useLimitsChange,
  useLimitUser,
  useTiers,
  useUsageStatus,
  useUserLimits,
} from '../../hooks/useLimits.ts';
import { useReturnFocus } from '../../hooks/useReturnFocus.ts';
import { limitText, metricLabel } from '../../logic/limits/words.ts';
import { useOpened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';
import { LimitStandings } from '../LimitStandings/LimitStandings.tsx';
import { LimitsEditor, type LimitsWanted } from '../LimitsEditor/LimitsEditor.tsx';
import { ManualReset } from '../ManualReset/ManualReset.tsx';
import { MiniStat } from '../MiniStat/MiniStat.tsx';
import { Asked } from '../States/Asked.tsx';
import { TierSelect } from '../UsersTable/TierSelect.tsx';

export interface UserLimitsProps {
  user: string;
  canChange: boolean;
  /** Opened just now, from elsewhere on the page: then the keyboard is brought here. */
  takesFocus?: boolean;
  onClose: () => void;
}

/** Everything about one user's limits: tier, standings, and what is set for this user alone. */
export function UserLimits({ user, canChange, takesFocus = false, onClose }: UserLimitsProps) {
  const known = useLimitUser(user);
  const status = useUsageStatus(user);
  useReturnFocus();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) title.current?.focus();
  }, [takesFocus]);
  const missing = known.error instanceof MeterwireError && known.error.status === 404;
  const tier = known.data?.tier ?? status.data?.tier;
  const name = known.data?.username;
  return (
    <section className="mw-card" aria-label={`Limits of ${user}`}>
      <header className="mw-card-head">
        <div className="mw-card-words">
          <h2 className="mw-card-title mw-cell-id" ref={title} tabIndex={-1}>
            {name && name !== user ? `${name} (${user})` : user}
          </h2>
          {missing && (
            <p className="mw-card-summary">
              No event or decision has named this user yet. These are the limits that it would begin with.
            </p>
          )}
        </div>
        <div className="mw-card-actions">
          <button type="button" className="mw-button mw-button-quiet" onClick={onClose}>
            Close
          </button>
        </div>
      </header>
      <dl className="mw-ministats">
        <MiniStat
          label="Tier"
          value={canChange && known.data ? <TierSelect user={user} tier={known.data.tier} /> : (tier ?? '–')}
        />
        {canChange && known.data && (
          <MiniStat label="Counters" value={<ManualReset user={user} label="Reset counters…" />} />
        )}
      </dl>
      <LimitStandings user={user} />
      {canChange && known.data && <Overrides user={user} tier={known.data.tier} />}
    </section>
  );
}

/** Limits that hold for this user instead of those of the tier. */
function Overrides({ user, tier }: { user: string; tier: string }) {
  const overrides = useUserLimits(user);
  const { opened, open, close, around } = useOpened<'edit'>();
  return (
    <div className="mw-section">
      <div className="mw-section-head">
        <h3 className="mw-section-title">Own limits</h3>
        {overrides.data && (
          <ToggleButton
            text="Edit"
            label={`Edit the own limits of ${user}`}
            look="small"
            open={opened !== null}
            onToggle={(on) => open(on ? 'edit' : null)}
          />
        )}
      </div>
      <Asked keep query={overrides} label="own limits" skeleton="mw-skeleton-line">
        {({ limits }) =>
          opened ? (
            around(<OverridesEditor user={user} tier={tier} limits={limits} onDone={close} />)
          ) : Object.keys(limits).length === 0 ? (
            <p className="mw-section-text">None: the limits of the tier {tier} hold.</p>
          ) : (
            <dl className="mw-ministats">
              {Object.entries(limits).map(([metric, limit]) => (
                <MiniStat
                  key={metric}
                  label={metricLabel(metric)}
                  value={limitText(metric, limit)}
                  note="instead of the tier's"
                />
              ))}
            </dl>
          )
        }
      </Asked>
    </div>
  );
}

interface OverridesEditorProps {
  user: string;
  tier: string;
  limits: Record<string, number | null>;
  onDone: () => void;
}

function OverridesEditor({ user, tier, limits, onDone }: OverridesEditorProps) {
  const metrics = useLimitMetrics();
  const tiers = useTiers();
  const ofTier = tiers.data?.items.find(({ name }) => name === tier)?.limits ?? {};
  const save = useLimitsChange((client, wanted: LimitsWanted, options) =>
    client.users.setLimits(user, wanted.limits, options),
  );
  return (
    <Asked keep query={metrics} label="metrics" skeleton="mw-skeleton-line">
      {({ items }) => (
        <LimitsEditor
          label={`Own limits of ${user}`}
          metrics={items}
          limits={limits}
          emptyMeans={(metric) => `As the tier (${limitText(metric, ofTier[metric])})`}
          saveLabel="Save own limits"
          save={save}
          said={() => `Saved the own limits of ${user}.`}
          onDone={onDone}
        />
      )}
    </Asked>
  );
}
