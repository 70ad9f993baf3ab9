import type { Transport } from '../transport.ts';
import {
  type AlertRules,
  type Alerts,
  alertRules,
  alerts,
  type ChannelCatalogue,
  channelCatalogue,
} from './alerts.ts';
import { type BudgetCatalogue, budgetCatalogue } from './budgets.ts';
import { type ClosingCatalogue, closingCatalogue } from './closings.ts';
import { type ConnectionCatalogue, connectionCatalogue } from './providers.ts';
import { type Spend, spend } from './spend.ts';

export interface MoneyCalls {
  budgets: BudgetCatalogue;
  spend: Spend;
  connections: ConnectionCatalogue;
  channels: ChannelCatalogue;
  alerts: Alerts;
  alertRules: AlertRules;
  closings: ClosingCatalogue;
}

export function moneyCalls(transport: Transport): MoneyCalls {
  return {
    budgets: budgetCatalogue(transport),
    spend: spend(transport),
    connections: connectionCatalogue(transport),
    channels: channelCatalogue(transport),
    alerts: alerts(transport),
    alertRules: alertRules(transport),
    closings: closingCatalogue(transport),
  };
}
