import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  id: string;
  metric: string;
  amount: number;
  user: string;
  status: 'held' | 'committed' | 'released';
}

export interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

type Fault = 'drop-before' | 'drop-after' | 503;

/** A small server that keeps one limit over real sockets, and fails when it is told to. */
export class FakeServer {
  readonly asked: Asked[] = [];
  /** What becomes of the next requests, in order. `drop-after` does the work and loses the answer. */
  faults: Fault[] = [];
  limit = 10;
  private readonly kept = new Map<string, Kept>();
  private readonly byKey = new Map<string, Kept>();
  /** Stays the same after the end, when nobody answers there. */
  url = '';

  private constructor(private readonly http: Server) {}

  static async start(): Promise<FakeServer> {
    const http = createServer((request, response) => void fake.handle(request, response));
    const fake = new FakeServer(http);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    fake.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    return fake;
  }

  count(status: Kept['status']): number {
    return [...this.kept.values()].filter((one) => one.status === status).length;
  }

  /** What was committed, in whole amounts. */
  get used(): number {
    return [...this.kept.values()].reduce(
      (sum, one) => (one.status === 'committed' ? sum + one.amount : sum),
      0,
    );
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
    const path = request.url ?? '';
    this.asked.push({ method: request.method ?? '', path, body });
    const fault = this.faults.shift();
    if (fault === 'drop-before') return void request.socket.destroy();
    if (fault === 503) {
      const detail = { error: 'Service not available', code: 'unavailable', message: 'Not now.' };
      return send(response, 503, { detail });
    }
    const [status, answer, headers] = this.answer(request.method ?? '', path, body);
    if (fault === 'drop-after') return void request.socket.destroy();
    send(response, status, answer, headers);
  }

  private answer(
    method: string,
    path: string,
    body: Record<string, unknown>,
  ): [number, object, Record<string, string>?] {
    if (path === '/api/usage/reservations') return this.reserve(body);
    const [, id = '', commit] = /^\/api\/usage\/reservations\/([^/]+)(\/commit)?$/.exec(path) ?? [];
    const one = this.kept.get(id);
    if (!one) {
      return [404, { detail: { error: 'Not found', code: 'not_found', message: `no reservation ${id}` } }];
    }
    if (method === 'DELETE') one.status = one.status === 'held' ? 'released' : one.status;
    if (commit) {
      one.status = 'committed';
      one.amount = Number(body.amount ?? one.amount);
    }
    return [200, one];
  }

  private reserve(body: Record<string, unknown>): [number, object, Record<string, string>?] {
    if (body.metric === 'nonsense') {
      const message = 'there is no metric nonsense; known: deployments';
      const detail = { error: 'Invalid value', code: 'invalid_value', message, field: 'metric' };
      return [422, { detail }];
    }
    if (body.metric === 'costly') return [429, { detail: OVER_BUDGET }, { 'Retry-After': '7200' }];
    const key = String(body.idempotency_key);
    const before = this.byKey.get(key);
    if (before) return [201, before];
    const current = [...this.kept.values()].reduce(
      (sum, one) => (one.status === 'released' ? sum : sum + one.amount),
      0,
    );
    const amount = Number(body.amount ?? 1);
    if (current + amount > this.limit) return [429, { detail: refusal(current, this.limit) }, RATE_HEADERS];
    const one: Kept = {
      id: `r-${this.kept.size}`,
      metric: String(body.metric),
      amount,
      user: String(body.user),
      status: 'held',
    };
    this.kept.set(one.id, one);
    this.byKey.set(key, one);
    return [201, one];
  }
}

export const RATE_HEADERS = {
  'RateLimit-Policy': '"deployments";q=10;w=86400',
  RateLimit: '"deployments";r=0;t=3600',
  'Retry-After': '3600',
};

export const OVER_BUDGET = {
  error: 'Budget exceeded',
  code: 'budget_exceeded',
  message: 'Monthly budget "support" exceeded',
  budget: {
    id: 'b-1',
    name: 'support',
    period: 'month',
    scope: {},
    amount_usd: '250',
    spent_usd: '250',
    held_usd: '0',
    remaining_usd: '0',
    resets_at: '2026-12-01T00:00:00Z',
  },
};

export function refusal(current = 10, limit = 10): object {
  return {
    error: 'Usage limit exceeded',
    code: 'limit_exceeded',
    message: 'Daily deployments limit exceeded',
    current,
    limit,
    tier: 'free',
    metric: 'deployments',
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
