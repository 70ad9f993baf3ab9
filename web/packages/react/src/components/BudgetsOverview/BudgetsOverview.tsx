'use client';

import type { BudgetScope, Me } from '@meterwire/client';
import { useState } from 'react';
import { useView } from '../../hooks/useView.ts';
import { BUDGET_TAB_LABEL, type BudgetsState, budgetTabsFor, mayChange } from '../../logic/budget/state.ts';
import { BudgetCardV2 } from '../BudgetCardV2/BudgetCardV2.tsx';
import { BudgetDetail } from '../BudgetDetail/BudgetDetail.tsx';
import { BudgetsTable } from '../BudgetsTable/BudgetsTable.tsx';
import { ClosingsTable } from '../ClosingsTable/ClosingsTable.tsx';
import { NoticeProvider } from '../Notice/Notice.tsx';
import { NotForThisKey } from '../States/NotForThisKey.tsx';
import { Tabs } from '../Tabs/Tabs.tsx';
import { WorkspacePicker } from './WorkspacePicker.tsx';

export interface BudgetsOverviewProps {
  me: Me;
  state: BudgetsState;
  onStateChange: (state: BudgetsState) => void;
  /** Leads to the usage behind an amount: the days of a period (`to` not included) and a scope. */
  onShowUsage?: ((usage: { from: string; to: string; zone: string; scope: BudgetScope }) => void) | undefined;
}

/** The whole page about budgets below the header. */
export function BudgetsOverview(props: BudgetsOverviewProps) {
  const { me, state, onStateChange } = props;
  const tabs = budgetTabsFor(me);
  const tab = tabs.find((one) => one === state.tab) ?? tabs[0];
  return (
    <NoticeProvider>
      <div className="mw-overview">
        <div className="mw-toolbar-words">
          <h1 className="mw-page-title">Budgets</h1>
          <p className="mw-page-note">How much may be spent, how much is, and what each month came to.</p>
        </div>
        {tab ? (
          <Tabs
            label="Budgets"
            tabs={tabs.map((name) => ({ name, label: BUDGET_TAB_LABEL[name] }))}
            chosen={tab}
            onChoose={(next) => onStateChange({ ...state, tab: next })}
          >
            <Panel {...props} state={{ ...state, tab }} />
          </Tabs>
        ) : (
          <NotForThisKey role={me.role} />
        )}
      </div>
    </NoticeProvider>
  );
}

function Panel({ me, state, onStateChange, onShowUsage }: BudgetsOverviewProps) {
  // An address that names a budget is only looked at; one that was chosen here gets the focus.
  const [asked, setAsked] = useState<string>();
  const { tenant: slug } = useView().view;
  const tenant = me.tenants.find((one) => one.slug === (slug ?? me.tenant?.slug)) ?? me.tenant;
  const zone = tenant?.timezone ?? 'UTC';
  const canChange = mayChange(me);
  switch (state.tab) {
    case 'budgets':
      return (
        <>
          {state.budget && (
            <BudgetDetail
              key={state.budget}
              id={state.budget}
              canChange={canChange}
              zone={zone}
              takesFocus={asked === state.budget}
              onClose={() => onStateChange({ ...state, budget: undefined })}
              onShowUsage={onShowUsage}
            />
          )}
          <BudgetsTable
            canChange={canChange}
            zone={zone}
            chosen={state.budget}
            onChoose={(budget) => {
              setAsked(budget);
              onStateChange({ ...state, budget });
            }}
          />
        </>
      );
    case 'spend':
      return (
        <>
          <WorkspacePicker
            project={state.project}
            onChange={(project) => onStateChange({ ...state, project })}
          />
          <BudgetCardV2
            key={state.project}
            workspaceId={state.project}
            tab={state.spend}
            onTabChange={(spend) => onStateChange({ ...state, spend })}
          />
        </>
      );
    case 'closings':
      return <ClosingsTable canChange={canChange} zone={zone} />;
  }
}
