'use client';

import type { Me } from '@meterwire/client';
import { useState } from 'react';
import {
  type LimitsState,
  type LimitsTab,
  mayChangeLimits,
  TAB_LABEL,
  tabsFor,
} from '../../logic/limits/state.ts';
import { OwnLimits } from '../LimitStandings/LimitStandings.tsx';
import { MetricsTable } from '../MetricsTable/MetricsTable.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { Tabs } from '../Tabs/Tabs.tsx';
import { TenantLimits } from '../TenantLimits/TenantLimits.tsx';
import { TiersTable } from '../TiersTable/TiersTable.tsx';
import { UserLimits } from '../UserLimits/UserLimits.tsx';
import { UsersTable } from '../UsersTable/UsersTable.tsx';
import { Activity } from './Activity.tsx';

export interface LimitsOverviewProps {
  me: Me;
  state: LimitsState;
  /** `replace` where going back should not stop at every step, as of a slider. */
  onStateChange: (state: LimitsState, how?: 'push' | 'replace') => void;
}

/** The whole page about limits below the header; the role decides which parts stand in it. */
export function LimitsOverview({ me, state, onStateChange }: LimitsOverviewProps) {
  const tabs = tabsFor(me);
  const tab = tabs.find((one) => one === state.tab) ?? tabs[0];
  const change = (part: Partial<LimitsState>, how?: 'push' | 'replace') =>
    onStateChange({ ...state, ...part }, how);
  return (
    <NoticeProvider>
      <div className="mw-overview">
        <div className="mw-toolbar-words">
          <h1 className="mw-page-title">Limits</h1>
          <p className="mw-page-note">
            How much each user may use, how much is used, and when it starts again.
          </p>
        </div>
        {tab ? (
          <Tabs
            label="Limits"
            tabs={tabs.map((name) => ({ name, label: TAB_LABEL[name] }))}
            chosen={tab}
            onChoose={(next) => change({ tab: next })}
          >
            <Panel tab={tab} me={me} state={state} onChange={change} />
          </Tabs>
        ) : (
          <section className="mw-card" aria-label="Nothing to show">
            <EmptyRange>
              A key with the role {me.role} takes decisions but reads no page. Sign in with an owner, member
              or viewer key.
            </EmptyRange>
          </section>
        )}
      </div>
    </NoticeProvider>
  );
}

interface PanelProps {
  tab: LimitsTab;
  me: Me;
  state: LimitsState;
  onChange: (part: Partial<LimitsState>, how?: 'push' | 'replace') => void;
}

function Panel({ tab, me, state, onChange }: PanelProps) {
  // An address that names a user is only looked at; a user that was asked for here gets the focus.
  const [asked, setAsked] = useState<string>();
  const show = (user: string) => {
    setAsked(user);
    onChange({ tab: 'users', user });
  };
  const canChange = mayChangeLimits(me);
  switch (tab) {
    case 'standing':
      return <OwnLimits />;
    case 'activity':
      return <Activity state={state} onChange={onChange} onUser={show} />;
    case 'users':
      return (
        <>
          {state.user && (
            <UserLimits
              key={state.user}
              user={state.user}
              canChange={canChange}
              takesFocus={asked === state.user}
              onClose={() => onChange({ user: undefined })}
            />
          )}
          <UsersTable canChange={canChange} user={state.user} onUserChange={show} />
        </>
      );
    case 'tiers':
      return <TiersTable canChange={canChange} />;
    case 'metrics':
      return (
        <>
          <MetricsTable canChange={canChange} />
          <TenantLimits canChange={canChange} />
        </>
      );
  }
}
