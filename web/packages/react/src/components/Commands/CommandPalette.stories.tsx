import type { ComponentProps } from 'react';
import type { Command } from '../../logic/commands/search.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { CommandPalette } from './CommandPalette.tsx';

type Props = ComponentProps<typeof CommandPalette>;

const command = (label: string, group = 'Pages', part: Partial<Command> = {}): Command => ({
  id: label,
  group,
  label,
  run: () => {},
  ...part,
});
const COMMANDS = [
  command('Overview', 'Pages', { note: 'calls, tokens and cost' }),
  command('Budgets'),
  command('Dark', 'Theme'),
];
const many = Array.from({ length: 10_000 }, (_, at) =>
  command(`Project ${at}`, 'Projects', { hidden: true }),
);

export default {
  title: 'Parts/CommandPalette',
  component: CommandPalette,
  args: { commands: COMMANDS, text: '', onTextChange: () => {}, onClose: () => {} },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Loading: Story<Props> = { args: { loading: true, text: 'over' } };
export const Empty: Story<Props> = { args: { text: 'nothing is called so' } };
export const TenThousandRows: Story<Props> = { args: { commands: many, text: 'project' } };
export const LongNames: Story<Props> = { args: { commands: [command('nobody-thought-of-this'.repeat(6))] } };
export const RightToLeft: Story<Props> = {
  args: { commands: [command('نظرة عامة')] },
  parameters: { world: 'right to left' },
};
