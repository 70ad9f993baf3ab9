// For route handlers of the Next.js App Router, and any other function from a Request to a Response.
import { type GuardOptions, type Held, namedUser, open, type Refusal } from './guard/guard.ts';
import type { Amount } from './limits/types.ts';

export type { GuardClient, GuardOptions } from './guard/guard.ts';

export interface NextLimitOptions<Req extends Request, Context> extends GuardOptions {
  /** Whose limit counts. Leave it out where the key stands for one user. */
  user?: (request: Req, context: Context) => string | null | undefined | Promise<string | null | undefined>;
  /**
   * Lets the answer leave before it is counted: hand `after` of `next/server` or a platform's `waitUntil` in. Without
   * it the count is on disk before the answer leaves, and a runtime that stops there loses nothing.
   */
  waitUntil?: (work: Promise<void>) => void;
}

export type RouteHandler<Req extends Request, Context> = (
  request: Req,
  context: Context,
) => Response | Promise<Response>;

const heldFor = new WeakMap<Request, Map<string, Held>>();

/**
 * Lets a request pass only within its user's limit. The amount is held before the handler runs, counted when it answers
 * with a status below 400, and given back when it answers another, throws, or the connection was closed meanwhile.
 *
 * ```ts
 * export const POST = withUsageLimit('deployments', 1, { client, user: userOf })(async (request) => { ... });
 * ```
 */
export function withUsageLimit<AnyReq extends Request = Request, AnyContext = unknown>(
  metric: string,
  amount: Amount | ((request: AnyReq) => Amount | Promise<Amount>),
  options: NextLimitOptions<AnyReq, AnyContext>,
): <Req extends AnyReq, Context extends AnyContext>(
  handler: RouteHandler<Req, Context>,
) => (request: Req, context: Context) => Promise<Response> {
  return (handler) => async (request, context) => {
    const wanted = typeof amount === 'function' ? await amount(request) : amount;
    const user = options.user ? namedUser(await options.user(request, context)) : undefined;
    const opening = await open(metric, wanted, user, options);
    if ('refusal' in opening) return responseOf(opening.refusal);
    if (!('held' in opening)) return handler(request, context);
    return run(() => handler(request, context), request, metric, opening.held, options.waitUntil);
  };
}

/** Says what a request really used, in its handler: `setActual(request, 'compute_hours', 1.5)`. */
export function setActual(request: Request, metric: string, amount: Amount): void {
  heldFor.get(request)?.get(metric)?.use(amount);
}

async function run(
  handler: () => Response | Promise<Response>,
  request: Request,
  metric: string,
  held: Held,
  waitUntil: ((work: Promise<void>) => void) | undefined,
): Promise<Response> {
  const all = heldFor.get(request) ?? new Map<string, Held>();
  all.set(metric, held);
  heldFor.set(request, all);
  const settle = async (succeeded: boolean) => {
    const work = succeeded && !request.signal.aborted ? held.commit() : held.release();
    if (waitUntil) waitUntil(work);
    else await work;
  };
  try {
    const response = await handler();
    await settle(response.status < 400);
    return response;
  } catch (thrown) {
    await settle(isRedirect(thrown));
    throw thrown;
  }
}

/** `redirect()` of Next.js throws, and is a success all the same. */
function isRedirect(thrown: unknown): boolean {
  const digest = thrown instanceof Error && 'digest' in thrown ? thrown.digest : undefined;
  return typeof digest === 'string' && digest.startsWith('NEXT_REDIRECT;');
}

function responseOf({ status, headers, body }: Refusal): Response {
  return Response.json(body, { status, headers });
}
