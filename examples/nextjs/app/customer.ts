export interface Customer {
  /** Your tenant in Meterwire. */
  tenantSlug: string;
  /** Who the customer is there: the `user` of the events that you record. */
  user: string;
}

/** Who is looking. Your own sign-in tells; here it is always the same one. */
export async function currentCustomer(): Promise<Customer> {
  return { tenantSlug: 'acme', user: 'customer-1' };
}
