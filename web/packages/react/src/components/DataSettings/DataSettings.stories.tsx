import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { DataSettings } from './DataSettings.tsx';

export default {
  title: 'Settings/DataSettings',
  component: DataSettings,
  args: { canChange: true, origin: 'https://meter.example' },
} satisfies Meta<ComponentProps<typeof DataSettings>>;

export { Live, Loading, LongNames, RightToLeft } from '../../testing/stories/states.ts';

export const ReadOnly: Story<ComponentProps<typeof DataSettings>> = { args: { canChange: false } };
