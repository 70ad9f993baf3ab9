import {
  type Command,
  type CommandData,
  type Dimension,
  mayChange,
  type Me,
  PRESET_LABEL,
  PRESETS,
  type RangeChoice,
  SECTION_LABEL,
  SETTINGS_SECTIONS,
  type Tenant,
  useView,
} from '@meterwire/react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { parseSearch, type Search, searchFromView } from '../search.ts';
import { applyTheme, THEMES } from '../theme.ts';
import { type PageLink, PAGES, takenAlong } from './pages.ts';
import { THEME_LOOK } from './ThemeSwitch.tsx';

export interface PaletteDoes {
  onTenantChange: (slug: string) => void;
  onSignOut: () => void;
}

export interface CommandsInput extends PaletteDoes {
  me: Me;
  tenant: Tenant | null;
  /** What was entered: a user that is not in the list may be looked up by it. */
  text: string;
  data: CommandData;
}

/** All commands of the dashboard for who is signed in. */
export function useCommands(input: CommandsInput): Command[] {
  const { me, tenant, onSignOut } = input;
  const { view, setRange } = useView();
  const { pathname, searchStr } = useLocation();
  const navigate = useNavigate();
  const named = me.role === 'admin' ? tenant?.slug : undefined;
  const go = (to: string, search: Search) => void navigate({ to: to as '/', search }).then(focusPage);
  const follows = PAGES.some((page: PageLink) => page.follows && page.to(tenant?.slug ?? '') === pathname);
  const show = (range: RangeChoice) =>
    follows ? setRange(range) : go('/', searchFromView({ ...view, range, tenant: named }));
  const filter = (dimension: Dimension, value: string) =>
    go('/', searchFromView({ ...view, tenant: named, filters: { [dimension]: [value] } }));
  const along = (page: Pick<PageLink, 'follows' | 'namesTenant'>) =>
    takenAlong(parseSearch(searchStr), named, page);
  return [
    ...PAGES.map((page: PageLink) => ({
      id: `page ${page.name}`,
      group: 'Pages',
      label: page.name,
      keywords: 'go to open',
      run: () => go(page.to(tenant?.slug ?? ''), along(page)),
    })),
    ...doing(input, (section, search) => go(`/settings/${section}`, { ...along({}), ...search }), onSignOut),
    ...PRESETS.map((preset) => ({
      id: `period ${preset}`,
      group: 'Period',
      label: PRESET_LABEL[preset],
      keywords: 'period range show days',
      run: () => show({ preset }),
    })),
    ...SETTINGS_SECTIONS.map((section) => ({
      id: `settings ${section}`,
      group: 'Settings',
      label: SECTION_LABEL[section],
      keywords: 'settings',
      hidden: true,
      run: () => go(`/settings/${section}`, along({})),
    })),
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      group: 'Theme',
      label: THEME_LOOK[theme].label,
      keywords: 'colour color mode',
      run: () => applyTheme(theme),
    })),
    ...tenants(input),
    ...found(input, filter),
  ];
}

/** Where the focus came from may be gone with its page; what took it meanwhile keeps it. */
function focusPage(): void {
  const isLost = document.activeElement === null || document.activeElement === document.body;
  if (isLost) document.getElementById('main')?.focus();
}

function doing(
  { me }: CommandsInput,
  settings: (section: string, search: Search) => void,
  signOut: () => void,
): Command[] {
  const own: Command[] = mayChange(me)
    ? [
        {
          id: 'do key',
          group: 'Do',
          label: 'Make a key',
          keywords: 'new api key create token',
          run: () => settings('keys', { new: '1' }),
        },
        {
          id: 'do export',
          group: 'Do',
          label: 'Import or export usage',
          keywords: 'csv ndjson pdf focus download upload file',
          run: () => settings('data', {}),
        },
      ]
    : [];
  return [
    ...own,
    { id: 'do sign out', group: 'Do', label: 'Sign out', keywords: 'log out leave exit', run: signOut },
  ];
}

function tenants({ me, tenant, onTenantChange }: CommandsInput): Command[] {
  if (me.role !== 'admin') return [];
  return me.tenants
    .filter(({ slug }) => slug !== tenant?.slug)
    .map(({ slug, name }) => ({
      id: `tenant ${slug}`,
      group: 'Tenants',
      label: name,
      note: slug === name ? '' : slug,
      keywords: 'switch tenant',
      hidden: me.tenants.length > 8,
      run: () => onTenantChange(slug),
    }));
}

/** Projects, models and users by name: each opens the overview filtered by it. */
function found(
  { text, data }: CommandsInput,
  filter: (dimension: Dimension, value: string) => void,
): Command[] {
  const typed = text.trim();
  return [
    ...data.projects.map(({ slug, name }) => ({
      id: `project ${slug}`,
      group: 'Projects',
      label: name,
      note: name === slug ? '' : slug,
      hidden: true,
      run: () => filter('project', slug),
    })),
    ...data.models.map((model) => ({
      id: `model ${model}`,
      group: 'Models',
      label: model,
      hidden: true,
      run: () => filter('model', model),
    })),
    ...data.users.map(({ id, username }) => ({
      id: `user ${id}`,
      group: 'Users',
      label: username,
      note: username === id ? '' : id,
      hidden: true,
      run: () => filter('user', id),
    })),
    // There may be more users than were fetched.
    ...(typed === '' || data.users.some(({ id }) => id === typed)
      ? []
      : [
          {
            id: 'user typed',
            group: 'Look up',
            label: `Usage of the user “${typed}”`,
            hidden: true,
            always: true,
            run: () => filter('user', typed),
          },
        ]),
  ];
}
