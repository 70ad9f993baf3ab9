import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { KeysTable } from './KeysTable.tsx';

export default {
  title: 'Settings/KeysTable',
  component: KeysTable,
  args: { me: me(), origin: 'https://meter.example' },
} satisfies Meta<ComponentProps<typeof KeysTable>>;

export {
  Empty,
  Failed,
  Huge,
  Live,
  Loading,
  LongNames,
  OneRow,
  RightToLeft,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';

export const Adding: Story<ComponentProps<typeof KeysTable>> = { args: { adding: true } };
export const WithRevoked: Story = press(/revoked/i);
export const Revoking: Story = press(/^Revoke/);
export const Rotating: Story = press(/^New token/);
