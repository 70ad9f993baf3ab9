import type { Me } from '@meterwire/client';
import { mayChange, mayRead, mayReadWhole } from '../budget/state.ts';

export const SETTINGS_SECTIONS = [
  'keys',
  'users',
  'projects',
  'prices',
  'reports',
  'channels',
  'providers',
  'tenant',
  'dimensions',
  'data',
  'audit',
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

export const SECTION_LABEL: Record<SettingsSection, string> = {
  keys: 'API keys',
  users: 'Users',
  projects: 'Projects',
  prices: 'Prices',
  reports: 'Reports',
  channels: 'Channels',
  providers: 'Providers',
  tenant: 'Tenant',
  dimensions: 'Dimensions',
  data: 'Import and export',
  audit: 'Audit log',
};

/** What stands in the list of settings but has a page of its own. */
export type SettingsElsewhere = 'tiers' | 'budgets';

export const ELSEWHERE_LABEL: Record<SettingsElsewhere, string> = { tiers: 'Tiers', budgets: 'Budgets' };

export interface SectionGroup {
  label: string;
  sections: readonly (SettingsSection | SettingsElsewhere)[];
}

export const SECTION_GROUPS: readonly SectionGroup[] = [
  { label: 'Who uses it', sections: ['keys', 'users', 'projects', 'tiers'] },
  { label: 'What it costs', sections: ['prices', 'budgets', 'reports'] },
  { label: 'Connections', sections: ['channels', 'providers'] },
  { label: 'This tenant', sections: ['tenant', 'dimensions', 'data', 'audit'] },
];

export function isSection(value: unknown): value is SettingsSection {
  return SETTINGS_SECTIONS.includes(value as SettingsSection);
}

export function isElsewhere(value: unknown): value is SettingsElsewhere {
  return value === 'tiers' || value === 'budgets';
}

/** Where `/settings` leads: the first section that has something to show for this key. */
export function firstSection(me: Pick<Me, 'role'>): SettingsSection {
  return SETTINGS_SECTIONS.find((section) => refusalOf(section, me) === null) ?? 'keys';
}

/** Why this key does not see a section, as a sentence; null where it does. */
export function refusalOf(section: SettingsSection, me: Pick<Me, 'role'>): string | null {
  if (!mayRead(me)) {
    return `A key with the role ${me.role} records usage and takes decisions, but reads no page. Sign in with an owner, member or viewer key.`;
  }
  switch (section) {
    case 'keys':
      return mayChange(me)
        ? null
        : 'Keys are made and revoked by an owner, and nobody else sees them. Ask an owner for another key.';
    case 'audit':
      return mayChange(me) ? null : 'The audit log tells who changed what. Only an owner reads it.';
    case 'reports':
    case 'channels':
    case 'providers':
      return mayReadWhole(me)
        ? null
        : 'This is about the whole tenant. A member reads its own usage; sign in with an owner or viewer key.';
    default:
      return null;
  }
}
