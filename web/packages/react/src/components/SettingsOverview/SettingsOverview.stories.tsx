import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { SettingsOverview } from './SettingsOverview.tsx';

export default {
  title: 'Settings/SettingsOverview',
  component: SettingsOverview,
  args: {
    me: me(),
    section: 'keys',
    nav: <nav aria-label="Settings">API keys</nav>,
    origin: 'https://meter.example',
    onTenant: () => {},
  },
} satisfies Meta<ComponentProps<typeof SettingsOverview>>;

export { Failed, Live, Loading, LongNames, RightToLeft } from '../../testing/stories/states.ts';

export const Users: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'users' } };
export const Projects: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'projects' } };
export const Prices: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'prices' } };
export const Reports: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'reports' } };
export const Channels: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'channels' } };
export const Providers: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'providers' } };
export const Tenant: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'tenant' } };
export const Dimensions: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'dimensions' } };
export const Data: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'data' } };
export const Audit: Story<ComponentProps<typeof SettingsOverview>> = { args: { section: 'audit' } };
/** A viewer changes nothing. */
export const Viewer: Story<ComponentProps<typeof SettingsOverview>> = {
  args: { me: me({ role: 'viewer' }) },
};
