import type { ListOptions } from '../limits/admin.ts';
import type { CallOptions } from '../limits/decisions.ts';
import type { ListOf } from '../limits/types.ts';
import type { Transport } from '../transport.ts';
import { type PriceCatalogue, priceCatalogue } from './prices.ts';
import { type ReportCatalogue, reportCatalogue } from './reports.ts';
import type {
  ApiKey,
  AuditEntry,
  DeclaredDimension,
  IssuedKey,
  NewDimension,
  NewKey,
  NewProject,
  NewTenant,
  Project,
  ProjectChange,
  TenantChange,
  TenantSettings,
} from './types.ts';

export interface KeyCatalogue {
  list(options?: ListOptions): Promise<ListOf<ApiKey>>;
  create(key: NewKey, options?: CallOptions): Promise<IssuedKey>;
  /** A new token; the old one ends at once. */
  rotate(id: string, options?: CallOptions): Promise<IssuedKey>;
  revoke(id: string, options?: CallOptions): Promise<void>;
}

export interface ProjectCatalogue {
  list(options?: ListOptions): Promise<ListOf<Project>>;
  create(project: NewProject, options?: CallOptions): Promise<Project>;
  change(slug: string, change: ProjectChange, options?: CallOptions): Promise<Project>;
  /** Its events stay. */
  remove(slug: string, options?: CallOptions): Promise<void>;
}

export interface DimensionCatalogue {
  /** There are at most eight. */
  list(options?: CallOptions): Promise<ListOf<DeclaredDimension>>;
  /** Events from before are counted by the server in the background. */
  create(dimension: NewDimension, options?: CallOptions): Promise<DeclaredDimension>;
  remove(name: string, options?: CallOptions): Promise<void>;
}

export interface TenantCatalogue {
  read(slug: string, signal?: AbortSignal): Promise<TenantSettings>;
  create(tenant: NewTenant, signal?: AbortSignal): Promise<TenantSettings>;
  change(slug: string, change: TenantChange, signal?: AbortSignal): Promise<TenantSettings>;
}

export interface SettingsCalls {
  keys: KeyCatalogue;
  projects: ProjectCatalogue;
  prices: PriceCatalogue;
  reports: ReportCatalogue;
  dimensions: DimensionCatalogue;
  tenants: TenantCatalogue;
  /** Newest first. */
  audit(options?: ListOptions): Promise<ListOf<AuditEntry>>;
}

export function settingsCalls(transport: Transport): SettingsCalls {
  const { send } = transport;
  return {
    keys: keyCatalogue(transport),
    projects: projectCatalogue(transport),
    prices: priceCatalogue(transport),
    reports: reportCatalogue(transport),
    dimensions: dimensionCatalogue(transport),
    tenants: tenantCatalogue(transport),
    audit: ({ signal, ...query } = {}) => send('get', '/api/v1/audit', { query, signal }),
  };
}

function keyCatalogue({ send }: Transport): KeyCatalogue {
  const all = '/api/v1/keys';
  const one = `${all}/{id}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    rotate: (id, { tenant, signal } = {}) =>
      send('post', `${one}/rotate` as const, { path: { id }, query: { tenant }, signal }),
    revoke: (id, { tenant, signal } = {}) => send('delete', one, { path: { id }, query: { tenant }, signal }),
  };
}

function projectCatalogue({ send }: Transport): ProjectCatalogue {
  const all = '/api/v1/projects';
  const one = `${all}/{slug}` as const;
  return {
    list: ({ signal, ...query } = {}) => send('get', all, { query, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    change: (slug, body, { tenant, signal } = {}) =>
      send('patch', one, { path: { slug }, query: { tenant }, body, signal }),
    remove: (slug, { tenant, signal } = {}) =>
      send('delete', one, { path: { slug }, query: { tenant }, signal }),
  };
}

function dimensionCatalogue({ send }: Transport): DimensionCatalogue {
  const all = '/api/v1/dimensions';
  return {
    list: ({ tenant, signal } = {}) => send('get', all, { query: { tenant }, signal }),
    create: (body, { tenant, signal } = {}) => send('post', all, { query: { tenant }, body, signal }),
    remove: (name, { tenant, signal } = {}) =>
      send('delete', `${all}/{name}` as const, { path: { name }, query: { tenant }, signal }),
  };
}

function tenantCatalogue({ send }: Transport): TenantCatalogue {
  const all = '/api/v1/tenants';
  const one = `${all}/{slug}` as const;
  return {
    read: (slug, signal) => send('get', one, { path: { slug }, signal }),
    create: (body, signal) => send('post', all, { body, signal }),
    change: (slug, body, signal) => send('patch', one, { path: { slug }, body, signal }),
  };
}
