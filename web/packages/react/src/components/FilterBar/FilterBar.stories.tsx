import type { ComponentProps } from 'react';
import type { Filters } from '@meterwire/client';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { FilterBar } from './FilterBar.tsx';

type Props = ComponentProps<typeof FilterBar>;

export default { title: 'Pickers/FilterBar', component: FilterBar } satisfies Meta<Props>;

const filtered = (filters: Filters): Story<Props> => ({
  parameters: { view: { range: { preset: '7d' }, filters } },
});

export const None: Story<Props> = {};
export const Some: Story<Props> = filtered({ provider: ['openai'], project: [''] });
export const Many: Story<Props> = filtered({ model: Array.from({ length: 50 }, (_, at) => `model-${at}`) });
export const LongNames: Story<Props> = filtered({ user: ['nobody-thought-of-this'.repeat(8)] });
export const RightToLeft: Story<Props> = {
  parameters: { world: 'right to left', view: { range: { preset: '7d' }, filters: { project: ['فريق'] } } },
};
