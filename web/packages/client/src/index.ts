export { type ClientOptions, createClient, type MeterwireClient } from './client.ts';
export { type LocalErrorCode, MeterwireError } from './error.ts';
export type { components, paths } from './schema.ts';
export type * from './types.ts';
