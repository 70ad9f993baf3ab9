import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ExportMenu } from './ExportMenu.tsx';

type Props = ComponentProps<typeof ExportMenu>;

const choice = (label: string) => ({
  label,
  note: 'every row that matches, all columns',
  file: { path: '/api/v1/export', name: 'usage.csv' } as const,
});

export default {
  title: 'Pickers/ExportMenu',
  component: ExportMenu,
  args: { choices: [choice('CSV of all events'), choice('PDF statement')] },
} satisfies Meta<Props>;

export const Closed: Story<Props> = {};
export const Open: Story<Props> = press(/^Export/);
export const Failed: Story<Props> = { parameters: { world: 'failed' }, ...press(/^Export/, /^CSV/) };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' }, ...press(/^Export/) };
