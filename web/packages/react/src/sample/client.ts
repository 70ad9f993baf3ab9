import { createClient, type MeterwireClient } from '@meterwire/client';
import { explain } from './explain.ts';
import { forecast } from './forecast.ts';
import { receipt } from './receipt.ts';
import * as spend from './spend.ts';
import * as usage from './usage.ts';

/** Everything a sample can answer; what is not here is shown as the error that it is. */
function answerTo({ pathname, searchParams: query }: URL, now: number): unknown {
  const [, tenantView] = /^\/api\/tenants\/[^/]+\/(usage|quota)\/?$/.exec(pathname) ?? [];
  if (tenantView) return tenantView === 'usage' ? usage.statistics(query, now) : usage.quota(now);
  const [, workspaceView, workspace = ''] =
    /^\/api\/usage\/(cost-intelligence|dashboard)\/(.+)$/.exec(pathname) ?? [];
  if (workspaceView) {
    const id = decodeURIComponent(workspace);
    return workspaceView === 'dashboard' ? spend.dashboard(id, now) : spend.costIntelligence(id, now);
  }
  const [, id] = /^\/api\/v1\/events\/[^/]+\/([^/]+)$/.exec(pathname) ?? [];
  if (id) return receipt(decodeURIComponent(id), now);
  switch (pathname) {
    case '/api/v1/usage/summary':
      return usage.liveSummary(now);
    case '/api/v1/usage/daily':
      return usage.liveDaily(Math.min(90, Math.max(1, Number(query.get('days') ?? 7))), now);
    case '/api/v1/usage/query':
      return usage.usage(query, now);
    case '/api/v1/usage/explain':
      return explain(query, now);
    case '/api/v1/usage/forecast':
      return forecast(query, now);
    case '/api/usage/log':
      return usage.log(query, now);
    case '/api/usage/current-month':
      return spend.currentMonth(now);
    case '/api/usage/today':
      return spend.today(now);
    case '/api/usage/budget-status':
      return spend.budgetStatus(now);
    case '/api/usage/model-comparison':
      return spend.modelComparison(now);
    default:
      return undefined;
  }
}

/** A server of made-up usage, so that every view is asked for as a real one is. */
export async function sampleFetch(request: Request, now = Date.now()): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === '/api/v1/export') return new Response(spend.dailyCsv(now), { status: 200 });
  const body = request.method === 'GET' ? answerTo(url, now) : undefined;
  if (body !== undefined) return Response.json(body);
  const detail = { error: 'No sample', code: 'no_sample', message: 'There is no sample of this.' };
  return Response.json({ detail }, { status: 404 });
}

let client: MeterwireClient | undefined;

export function sampleClient(): MeterwireClient {
  client ??= createClient({ baseUrl: 'https://sample.invalid', fetch: (request) => sampleFetch(request) });
  return client;
}
