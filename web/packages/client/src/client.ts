import { type LimitAdministration, limitAdministration } from './limits/admin.ts';
import { type CallOptions, type LimitDecisions, limitDecisions } from './limits/decisions.ts';
import { type MoneyCalls, moneyCalls } from './money/money.ts';
import { type LiveCalls, liveCalls } from './usage/live.ts';
import { type UsageViews, usageViews } from './usage/views.ts';
import type { paths } from './schema.ts';
import { type LongCalls, longCalls } from './settings/long.ts';
import { type SettingsCalls, settingsCalls } from './settings/settings.ts';
import { answer, type ClientOptions, createTransport, type Path } from './transport.ts';
import type { LogQuestion, Me, TenantQuota, UsageAnswer, UsageLogPage, UsageQuestion } from './types.ts';

export interface MeterwireClient
  extends LimitDecisions, LimitAdministration, MoneyCalls, LiveCalls, UsageViews, SettingsCalls, LongCalls {
  me(signal?: AbortSignal): Promise<Me>;
  /** Exchanges a key for the session cookie of the page. */
  signIn(token: string): Promise<Me>;
  signOut(): Promise<void>;
  usage(question: UsageQuestion, signal?: AbortSignal): Promise<UsageAnswer>;
  log(question: LogQuestion, signal?: AbortSignal): Promise<UsageLogPage>;
  /** What a tenant used this month against its monthly limits. */
  quota(slug: string, options?: CallOptions): Promise<TenantQuota>;
  /** An export as a file. A page with a session could link to it; a token cannot be put into a link. */
  file(
    path: Path,
    what?: { path?: Record<string, string>; query?: Record<string, unknown> },
    signal?: AbortSignal,
  ): Promise<Blob>;
}

type QueryOf<Path extends '/api/v1/usage/query' | '/api/usage/log'> = NonNullable<
  paths[Path]['get']['parameters']['query']
>;

export function createClient(options: ClientOptions = {}): MeterwireClient {
  const transport = createTransport(options);
  const { http, within } = transport;
  return {
    ...limitDecisions(transport),
    ...limitAdministration(transport),
    ...moneyCalls(transport),
    ...liveCalls(transport),
    ...usageViews(transport),
    ...settingsCalls(transport),
    ...longCalls(transport),
    me: (signal) => answer(http.GET('/api/v1/me', { signal: within(signal) })),
    signIn: (token) => answer(http.POST('/api/v1/session', { body: { token }, signal: within() })),
    signOut: async () => {
      await answer(http.DELETE('/api/v1/session', { signal: within() }));
    },
    usage: (question, signal) =>
      answer(
        http.GET('/api/v1/usage/query', {
          params: { query: question as unknown as QueryOf<'/api/v1/usage/query'> },
          signal: within(signal),
        }),
      ) as Promise<UsageAnswer>,
    log: (question, signal) =>
      answer(
        http.GET('/api/usage/log', {
          params: { query: question as unknown as QueryOf<'/api/usage/log'> },
          signal: within(signal),
        }),
      ),
    quota: (slug, { signal } = {}) =>
      transport.send('get', '/api/tenants/{slug}/quota', { path: { slug }, signal }),
    file: (path, what = {}, signal) => transport.file(path, { ...what, signal }),
  };
}
