import { createClient } from '@meterwire/client';
import { currentCustomer } from '../../customer';

/** Fifteen minutes; the browser asks for another one when it is over. */
const TTL_SECONDS = 900;

/** A token for whoever is signed in: it shows only that customer's own usage, and the owner's key stays here. */
export async function POST(): Promise<Response> {
  const customer = await currentCustomer();
  const meterwire = createClient({ baseUrl: process.env.METERWIRE_URL, token: process.env.METERWIRE_KEY });
  const { token } = await meterwire.embedToken({ user: customer.user, ttl_seconds: TTL_SECONDS });
  return Response.json({ token }, { headers: { 'Cache-Control': 'no-store' } });
}
