'use client';

import type { StatsQuestion, UsageStats } from '@meterwire/client';
import { type SourcedResult, useSourced } from './useSourced.ts';

/** A tenant's statistics of a period: calls, tokens and cost with their change, by model and by day. */
export function useUsageStats(tenantSlug: string, question: StatsQuestion = {}): SourcedResult<UsageStats> {
  return useSourced<UsageStats>({
    queryKey: ['meterwire', 'statistics', tenantSlug, question],
    ask: (client, signal) => client.statistics(tenantSlug, question, signal),
    // While another period of the same tenant loads the old numbers stay, dimmed.
    placeholderData: (previous, query) => (query?.queryKey[2] === tenantSlug ? previous : undefined),
  });
}
