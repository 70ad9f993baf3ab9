import type { ComponentProps } from 'react';
import { METRICS } from '../../testing/limitsFixtures.ts';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { LimitsEditor } from './LimitsEditor.tsx';

type Props = ComponentProps<typeof LimitsEditor>;

const saving = (part: Partial<Props['save']> = {}): Props['save'] => ({
  isPending: false,
  error: null,
  mutate: () => {},
  ...part,
});

export default {
  title: 'Limits/LimitsEditor',
  component: LimitsEditor,
  args: {
    label: 'Limits of the tier free',
    metrics: METRICS,
    limits: { api_calls: 5000, deployments: 10, storage: null },
    saveLabel: 'Save limits',
    save: saving(),
    said: () => 'Saved.',
    onDone: () => {},
  },
} satisfies Meta<Props>;

export const Usual: Story = {};
export const Saving: Story<Props> = { args: { save: saving({ isPending: true }) } };
export const NotSaved: Story<Props> = {
  args: { save: saving({ error: new Error('The server could not be reached.') }) },
};
export const WithProblems: Story = press(/^Save/);
export const Huge: Story<Props> = {
  args: { limits: { api_calls: Number.MAX_SAFE_INTEGER, storage: Number.MAX_SAFE_INTEGER } },
};
export const RightToLeft: Story = { parameters: { world: 'right to left' } };
