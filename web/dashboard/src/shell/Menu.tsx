import { Icon, type Tenant } from '@meterwire/react';
import { useEffect, useId, useRef, useState } from 'react';
import { PageLinks } from './PageLinks.tsx';
import type { PageName } from './pages.ts';
import { ThemeSwitch } from './ThemeSwitch.tsx';

export interface MenuProps {
  page: PageName;
  tenant: Tenant | null;
  namesTenant: boolean;
  onSignOut: () => void;
}

/** All pages on a phone, where a row of them has no room. Escape, a click elsewhere and following a link close it. */
export function Menu({ page, tenant, namesTenant, onSignOut }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [open]);
  return (
    // Only catches Escape from what is inside.
    <div
      className="app-menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        type="button"
        ref={button}
        className="mw-button app-menu-button"
        aria-label="Menu"
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'close' : 'menu'} />
      </button>
      {open && (
        <div className="app-menu-panel" id={panelId}>
          <nav className="app-menu-pages" aria-label="Pages">
            <PageLinks
              page={page}
              tenant={tenant}
              namesTenant={namesTenant}
              className="app-menu-link"
              onFollow={() => setOpen(false)}
            />
          </nav>
          <div className="app-menu-foot">
            <ThemeSwitch />
            <button type="button" className="mw-button" onClick={onSignOut}>
              <Icon name="exit" />
              Sign out
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
