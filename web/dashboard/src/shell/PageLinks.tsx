import type { Tenant } from '@meterwire/react';
import { Link, useLocation } from '@tanstack/react-router';
import { parseSearch } from '../search.ts';
import { type PageLink, PAGES, type PageName, takenAlong } from './pages.ts';

export interface PageLinksProps {
  /** The one that is shown. */
  page: PageName;
  tenant: Tenant | null;
  /** An admin names the tenant in every address. */
  namesTenant: boolean;
  className: string;
  onFollow?: () => void;
}

/** Links to all pages, with the range that is shown. */
export function PageLinks({ page, tenant, namesTenant, className, onFollow }: PageLinksProps) {
  const text = useLocation({ select: (location) => location.searchStr });
  const search = parseSearch(text);
  // Without a tenant there is nothing that such a page could show.
  const links: readonly PageLink[] = tenant ? PAGES : PAGES.filter(({ name }) => name !== 'Usage');
  return links.map((link) => (
    <Link
      key={link.name}
      className={className}
      // Addresses are made of the tenant's name, which the types of routes cannot follow.
      to={link.to(tenant?.slug ?? '') as '/'}
      search={takenAlong(search, namesTenant ? tenant?.slug : undefined, link)}
      data-page={link.name}
      // Whether it is this page is said here, not guessed from the address.
      activeOptions={{ exact: true, includeSearch: true }}
      aria-current={link.name === page ? 'page' : undefined}
      onClick={onFollow}
    >
      {link.name}
    </Link>
  ));
}
