'use client';

import type { Me } from '@meterwire/client';
import { useView } from '../../hooks/useView.ts';
import { ALERT_TAB_LABEL, ALERT_TABS, type AlertsState } from '../../logic/alerts/state.ts';
import { mayChange, mayReadWhole } from '../../logic/budget/state.ts';
import { AlertHistory } from '../AlertHistory/AlertHistory.tsx';
import { AlertRulesTable } from '../AlertRulesTable/AlertRulesTable.tsx';
import { ChannelsTable } from '../ChannelsTable/ChannelsTable.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { NotForThisKey } from '../States/NotForThisKey.tsx';
import { Tabs } from '../Tabs/Tabs.tsx';

export interface AlertsOverviewProps {
  me: Me;
  state: AlertsState;
  onStateChange: (state: AlertsState) => void;
}

/** The whole page about alerts below the header. */
export function AlertsOverview({ me, state, onStateChange }: AlertsOverviewProps) {
  return (
    <NoticeProvider>
      <div className="mw-overview">
        <div className="mw-toolbar-words">
          <h1 className="mw-page-title">Alerts</h1>
          <p className="mw-page-note">What is told, to whom, and whether it arrived.</p>
        </div>
        {mayReadWhole(me) ? (
          <Tabs
            label="Alerts"
            tabs={ALERT_TABS.map((name) => ({ name, label: ALERT_TAB_LABEL[name] }))}
            chosen={state.tab}
            onChoose={(tab) => onStateChange({ ...state, tab })}
          >
            <Panel me={me} state={state} onStateChange={onStateChange} />
          </Tabs>
        ) : (
          <NotForThisKey role={me.role} />
        )}
      </div>
    </NoticeProvider>
  );
}

function Panel({ me, state, onStateChange }: AlertsOverviewProps) {
  const { tenant: slug, tz } = useView().view;
  const tenant = me.tenants.find((one) => one.slug === (slug ?? me.tenant?.slug)) ?? me.tenant;
  const canChange = mayChange(me);
  switch (state.tab) {
    case 'history':
      return (
        <AlertHistory
          canChange={canChange}
          zone={tz ?? tenant?.timezone ?? 'UTC'}
          kind={state.kind}
          onKindChange={(kind) => onStateChange({ ...state, kind })}
        />
      );
    case 'channels':
      return <ChannelsTable canChange={canChange} />;
    case 'rules':
      return <AlertRulesTable canChange={canChange} />;
  }
}
