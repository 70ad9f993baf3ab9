export { createClient, type MeterwireClient } from './client.ts';
export { LimitExceededError, type LocalErrorCode, MeterwireError } from './error.ts';
export type * from './limits/admin.ts';
export type { CallOptions, LimitDecisions } from './limits/decisions.ts';
export type * from './limits/types.ts';
export type { components, paths } from './schema.ts';
export type { ClientOptions } from './transport.ts';
export type * from './types.ts';
