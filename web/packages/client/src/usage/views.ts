import type { CallOptions } from '../limits/decisions.ts';
import type { Transport } from '../transport.ts';
import type { CostExplanation, ExplainQuestion, ForecastQuestion, Receipt, UsageForecast } from './types.ts';

/** What is asked about usage beside the totals: why it changed, what comes of it, and single events whole. */
export interface UsageViews {
  explain(question: ExplainQuestion, signal?: AbortSignal): Promise<CostExplanation>;
  forecast(question: ForecastQuestion, signal?: AbortSignal): Promise<UsageForecast>;
  receipt(source: string, id: string, options?: CallOptions): Promise<Receipt>;
}

export function usageViews({ send }: Transport): UsageViews {
  return {
    explain: (question, signal) => send('get', '/api/v1/usage/explain', { query: { ...question }, signal }),
    forecast: (question, signal) => send('get', '/api/v1/usage/forecast', { query: { ...question }, signal }),
    receipt: (source, id, { tenant, signal } = {}) =>
      send('get', '/api/v1/events/{source}/{id}', { path: { source, id }, query: { tenant }, signal }),
  };
}
