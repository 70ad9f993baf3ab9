import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { FirstTenant } from './FirstTenant.tsx';

type Props = ComponentProps<typeof FirstTenant>;

export default {
  title: 'Usage/FirstTenant',
  component: FirstTenant,
  args: { onMade: () => {} },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
