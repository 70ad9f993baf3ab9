export const ALERT_TABS = ['history', 'channels', 'rules'] as const;
export type AlertTab = (typeof ALERT_TABS)[number];

export const ALERT_TAB_LABEL: Record<AlertTab, string> = {
  history: 'History',
  channels: 'Channels',
  rules: 'Rules',
};

/** What the page about alerts shows, as it stands in the address. */
export interface AlertsState {
  tab: AlertTab;
  /** Only this kind of alerts. */
  kind?: string | undefined;
}

export const DEFAULT_ALERTS: AlertsState = { tab: 'history' };

export function isAlertTab(value: unknown): value is AlertTab {
  return ALERT_TABS.includes(value as AlertTab);
}

export const ALERT_KINDS = [
  'budget_threshold',
  'budget_projected',
  'spend_spike',
  'limit_near',
  'provider_failing',
  'unpriced_model',
] as const;

export function isAlertKind(value: unknown): value is (typeof ALERT_KINDS)[number] {
  return ALERT_KINDS.includes(value as (typeof ALERT_KINDS)[number]);
}
