import type { components } from '../schema.ts';

type Schemas = components['schemas'];

/** The document says that a field may be null; the server sends it all the same. */
type Sent<Answer> = { [Name in keyof Answer]-?: Exclude<Answer[Name], undefined> };

export type Role = Schemas['RoleName'];

export type ApiKey = Sent<Schemas['KeyToApi']>;

/** The token is in this answer and never again. */
export type IssuedKey = ApiKey & { token: string };

export type NewKey = Schemas['NewKeyFromApi'];

export type Project = Sent<Schemas['ProjectToApi']>;
export type NewProject = Schemas['NewProject'];

/** Null takes department or team away. */
export type ProjectChange = Schemas['ProjectChange'];

export type NewUser = Schemas['NewUser'];
export type UserChange = Schemas['UserChange'];

/** What became of a user whose identity was erased. */
export type Erased = Omit<Schemas['ErasedToApi'], 'state'> & { state: 'complete' | 'clearing' };

/** Rates that a price may name: dollars per million tokens, `per_request` in dollars. Exact decimals. */
export type RateName = Exclude<
  keyof Schemas['PriceFromApi'],
  'provider' | 'model' | 'valid_from' | 'valid_to'
>;

/** A tenant's own price, or one of the built-in book. Those of the book may have more: `context` and `tiers`. */
export type Price = {
  id: string;
  provider: string;
  model: string;
  valid_from: string | null;
  valid_to: string | null;
  source: string;
} & { [Name in RateName]?: string | null };

export type NewPrice = Schemas['PriceFromApi'];

/** Which recorded usage to rate anew: `to` is the first day or instant that is not included. */
export type RerateWish = Omit<Schemas['RerateFromApi'], 'dry_run' | 'basis' | 'only'> & {
  only?: 'all' | 'unpriced';
};
export type RerateByModel = Schemas['ModelRerateToApi'];

/** What rating anew would change. `basis` stands for exactly this difference. */
export type RerateDifference = Schemas['RerateAnswerToApi'];

/** A re-rating that has begun. It goes on by itself. */
export type Rerate = Omit<Sent<Schemas['RerateToApi']>, 'state'> & { state: 'running' | 'done' | 'failed' };

/** A property of events that usage can be grouped by. */
export type DeclaredDimension = Omit<Schemas['DimensionToApi'], 'state'> & { state: 'filling' | 'ready' };
export type NewDimension = Schemas['NewDimension'];

/** Who changed what. */
export type AuditEntry = Schemas['AuditToApi'];

export type TenantSettings = Sent<Schemas['TenantToApi']>;
export type NewTenant = Schemas['NewTenant'];
export type TenantChange = Schemas['TenantChange'];

export type ReportRhythm = 'day' | 'week' | 'month';
export type ReportFile = 'csv' | 'pdf';

/** `{}` is the whole tenant. */
export interface ReportScope {
  department?: string;
  project?: string;
}

/** A statement that is mailed by the calendar. */
export type Report = Omit<Sent<Schemas['ReportToApi']>, 'every' | 'scope' | 'formats'> & {
  every: ReportRhythm;
  scope: ReportScope;
  formats: ReportFile[];
};

export type NewReport = Omit<Schemas['NewReport'], 'every' | 'scope' | 'formats'> & {
  every: ReportRhythm;
  scope?: ReportScope;
  formats?: ReportFile[];
};

/** What is absent stays. */
export type ReportChange = Partial<Omit<NewReport, 'scope'>> & { scope?: ReportScope | null };

/** One period of a report that was sent, or is on its way. */
export type ReportDelivery = Omit<Sent<Schemas['ReportDeliveryToApi']>, 'state'> & {
  state: 'pending' | 'delivered' | 'failed';
};

/** What became of a batch of events. `results` names every one that was not stored. */
export interface EventsVerdict {
  received: number;
  stored: number;
  duplicate: number;
  conflict: number;
  rejected: number;
  results: { index: number; id?: string | null; status: string; error?: { message: string } | null }[];
}

/** The totals of today, as the live stream tells them. */
export type LiveTotals = Schemas['LiveTotalsToApi'];
