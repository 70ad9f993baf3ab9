import type { components } from '../schema.ts';
import type { Filters, Metric, Span } from '../types.ts';

type Schemas = components['schemas'];

/** Another period to set the range beside. */
export interface Comparing {
  compare?: 'previous' | 'last_year' | 'custom';
  /** With `custom`; `compare_to` is not included. */
  compare_from?: string;
  compare_to?: string;
  /** Mondays meet Mondays; with `previous` and `last_year`. */
  match?: 'weekday';
}

export interface ExplainQuestion extends Span, Comparing {
  filter?: Filters;
  top?: number;
}

/** The change of cost between two periods, taken apart into price, volume and mix of models. */
export type CostExplanation = Schemas['ExplainReply'];

/** One model in both periods. */
export type ExplainedModel = Schemas['ExplainedToApi'];

export interface ForecastQuestion extends Span {
  metric?: Extract<Metric, 'cost' | 'tokens' | 'calls'>;
  filter?: Filters;
}

/** What a running period will come to. */
export type UsageForecast = Schemas['ForecastToApi'];

/** One day of it: what it used, or what is expected. */
export type ForecastDay = Schemas['ForecastDay'];

/** Dollars as a decimal text, tokens and calls as a number. */
export type ForecastValue = Schemas['ForecastValue'];

/** One event, and how its cost came about. */
export type Receipt = Schemas['ReceiptToApi'];
