import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { TenantSettings } from './TenantSettings.tsx';

export default {
  title: 'Settings/TenantSettings',
  component: TenantSettings,
  args: { me: me(), slug: 'acme', canChange: true, onTenant: () => {} },
} satisfies Meta<ComponentProps<typeof TenantSettings>>;

export { Failed, Live, Loading, LongNames, RightToLeft, Stale } from '../../testing/stories/states.ts';

export const ReadOnly: Story<ComponentProps<typeof TenantSettings>> = { args: { canChange: false } };
export const Admin: Story<ComponentProps<typeof TenantSettings>> = { args: { me: me({ role: 'admin' }) } };
