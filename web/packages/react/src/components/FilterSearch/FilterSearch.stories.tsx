import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { FilterSearch } from './FilterSearch.tsx';

type Props = ComponentProps<typeof FilterSearch>;

export default { title: 'Pickers/FilterSearch', component: FilterSearch } satisfies Meta<Props>;

/** With the list of what can be chosen. */
const opened: Pick<Story<Props>, 'play'> = {
  play: async () => document.querySelector<HTMLElement>('.story input')?.focus(),
};

export const Closed: Story<Props> = {};
export const Open: Story<Props> = opened;
export const Loading: Story<Props> = { parameters: { world: 'loading' }, ...opened };
export const Empty: Story<Props> = { parameters: { world: 'empty' }, ...opened };
export const TenThousandRows: Story<Props> = { parameters: { world: 'ten thousand rows' }, ...opened };
export const LongNames: Story<Props> = { parameters: { world: 'long names' }, ...opened };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' }, ...opened };
