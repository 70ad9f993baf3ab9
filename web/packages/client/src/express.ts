// A middleware for Express and for whatever passes Node's request and response on. It needs nothing of Express itself.
import { type GuardOptions, type Held, namedUser, open, type Refusal } from './guard/guard.ts';
import type { Amount } from './limits/types.ts';

export type { GuardClient, GuardOptions } from './guard/guard.ts';

/** The part of Node's response that is used here. */
export interface ResponseLike {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  readonly destroyed: boolean;
  setHeader(name: string, value: string): unknown;
  end(text?: string): unknown;
  once(event: 'finish' | 'close', listener: () => void): unknown;
}

export interface ExpressLimitOptions<Req> extends GuardOptions {
  /** Whose limit counts. Leave it out where the key stands for one user. */
  user?: (req: Req) => string | null | undefined | Promise<string | null | undefined>;
}

export type Middleware<Req> = (req: Req, res: ResponseLike, next: (error?: unknown) => void) => Promise<void>;

const heldFor = new WeakMap<object, Map<string, Held>>();

/**
 * Lets a request pass only within its user's limit. The amount is held before the handler runs, counted when the answer
 * has left with a status below 400, and given back when it did not: an error, or a connection closed early.
 *
 * ```ts
 * app.post('/deploy', requireUsageLimit('deployments', 1, { client, user: (req) => req.user.id }), deploy);
 * ```
 */
export function requireUsageLimit<Req = any>(
  metric: string,
  amount: Amount | ((req: Req) => Amount),
  options: ExpressLimitOptions<Req>,
): Middleware<Req> {
  return async (req, res, next) => {
    try {
      const wanted = typeof amount === 'function' ? amount(req) : amount;
      const user = options.user ? namedUser(await options.user(req)) : undefined;
      const opening = await open(metric, wanted, user, options);
      if ('refusal' in opening) return refuse(res, opening.refusal);
      if ('held' in opening && !settleWith(res, metric, opening.held)) return;
    } catch (error) {
      return next(error);
    }
    next();
  };
}

/**
 * Says what a request really used, in its handler, where the amount is only known then:
 * `setActual(res, 'compute_hours', 1.5)`. Does nothing where that metric is not held for this request.
 */
export function setActual(res: object, metric: string, amount: Amount): void {
  heldFor.get(res)?.get(metric)?.use(amount);
}

/** False where nobody waits for an answer any more: then there is nothing to run. */
function settleWith(res: ResponseLike, metric: string, held: Held): boolean {
  if (res.destroyed || res.headersSent) {
    void held.release();
    return false;
  }
  const all = heldFor.get(res) ?? new Map<string, Held>();
  all.set(metric, held);
  heldFor.set(res, all);
  res.once('finish', () => void (res.statusCode < 400 ? held.commit() : held.release()));
  // Comes after `finish` too; then the hold is settled already.
  res.once('close', () => void held.release());
  return true;
}

function refuse(res: ResponseLike, { status, headers, body }: Refusal): void {
  if (res.destroyed || res.headersSent) return;
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body));
}
