import { currentCustomer } from './customer';
import { Usage } from './Usage';

export default async function Page() {
  const customer = await currentCustomer();
  return (
    <main>
      <h1>Your account</h1>
      <Usage tenantSlug={customer.tenantSlug} />
    </main>
  );
}
