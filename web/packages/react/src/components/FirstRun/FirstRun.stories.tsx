import type { ComponentProps } from 'react';
import { me } from '../../testing/fixtures.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { FirstRun } from './FirstRun.tsx';

type Props = ComponentProps<typeof FirstRun>;

export default {
  title: 'Usage/FirstRun',
  component: FirstRun,
  args: { me: me(), origin: 'https://meter.example' },
} satisfies Meta<Props>;

export const Owner: Story<Props> = {};
export const Viewer: Story<Props> = { args: { me: me({ role: 'viewer' }) } };
export const LongNames: Story<Props> = {
  args: { origin: `https://${'nobody-thought-of-this.'.repeat(6)}example` },
};

export { Live, Loading, RightToLeft } from '../../testing/stories/states.ts';
