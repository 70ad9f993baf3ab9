import {
  ELSEWHERE_LABEL,
  Icon,
  isSection,
  type Me,
  refusalOf,
  SECTION_GROUPS,
  SECTION_LABEL,
  type SettingsElsewhere,
  type SettingsSection,
} from '@meterwire/react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Search } from '../search.ts';
import './settings.css';

export interface SettingsNavProps {
  me: Me;
  /** The one that is shown. */
  section: SettingsSection;
  /** What every link takes along. */
  search: Search;
}

/** Links to all sections: a list beside them, and on a phone a row above. */
export function SettingsNav({ me, section, search }: SettingsNavProps) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const row = nav.current;
    const link = row?.querySelector<HTMLElement>('[aria-current="page"]');
    if (row && link) row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  }, [section]);
  return (
    <nav className="app-sections" aria-label="Settings" ref={nav}>
      {SECTION_GROUPS.map(({ label, sections }) => (
        <div className="app-section-group" key={label}>
          <p className="app-section-title" aria-hidden="true">
            {label}
          </p>
          <ul className="app-section-list" aria-label={label}>
            {sections.map((one) => (
              <li key={one}>
                <SectionLink one={one} isShown={one === section} me={me} search={search} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

interface SectionLinkProps {
  one: SettingsSection | SettingsElsewhere;
  isShown: boolean;
  me: Me;
  search: Search;
}

function SectionLink({ one, isShown, me, search }: SectionLinkProps) {
  const refused = isSection(one) && refusalOf(one, me) !== null;
  return (
    <Link
      className={`app-section-link ${refused ? 'app-section-refused' : ''}`}
      to="/settings/$section"
      params={{ section: one }}
      search={search}
      activeOptions={{ exact: true, includeSearch: true }}
      aria-current={isShown ? 'page' : undefined}
    >
      {isSection(one) ? SECTION_LABEL[one] : ELSEWHERE_LABEL[one]}
      {!isSection(one) && (
        <>
          <span className="mw-hidden">, another page</span>
          <Icon name="right" />
        </>
      )}
    </Link>
  );
}
