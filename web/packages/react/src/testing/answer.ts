/** A server that is a function: what it answers to a question, or a `Refusal`. */
export type Answer = (url: URL, request: Request) => unknown;

export class Refusal {
  constructor(
    readonly status: number,
    readonly detail: object,
  ) {}
}

/** The server's own words for what it does not have. */
export function notFound(path: string): Refusal {
  return new Refusal(404, { error: 'Not found', code: 'not_found', message: `nothing at ${path}` });
}

/** Lets a client take the function for a server. */
export function fetchFrom(answer: Answer, onAsked?: (url: URL) => void) {
  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    onAsked?.(url);
    const body = await answer(url, request);
    if (body instanceof Response) return body;
    if (body instanceof Refusal) return json(body.status, { detail: body.detail });
    return json(200, body);
  };
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}
