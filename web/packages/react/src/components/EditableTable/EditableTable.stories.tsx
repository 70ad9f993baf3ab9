import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { type EditableItem, EditableTable } from './EditableTable.tsx';

type Props = ComponentProps<typeof EditableTable>;

const item = (name: string, part: Partial<EditableItem> = {}): EditableItem => ({
  id: name,
  what: `the project ${name}`,
  cells: (
    <>
      <th scope="row" className="mw-cell-id">
        {name}
      </th>
      <td data-label="Department">care</td>
      <td className="mw-num" data-label="Calls">
        12
      </td>
    </>
  ),
  panels: [{ text: 'Edit', content: () => <p>What edits it.</p> }],
  removal: { text: 'Delete', run: () => {} },
  ...part,
});

export default {
  title: 'Parts/EditableTable',
  component: EditableTable,
  args: {
    label: 'Projects',
    columns: ['Project', 'Department', { name: 'Calls', numeric: true }],
    actions: true,
    items: [item('alpha'), item('beta')],
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Editing: Story<Props> = press(/^Edit the project alpha/);
export const SeveralPanels: Story<Props> = {
  args: {
    items: [
      item('alpha', {
        panels: [
          { text: 'History', content: () => <p>What was.</p> },
          { text: 'Edit', content: () => <p>What edits it.</p> },
        ],
      }),
    ],
  },
  ...press(/^History the project alpha/),
};
export const OnlyShown: Story<Props> = {
  args: { actions: false, items: [item('alpha', { panels: [], removal: undefined })] },
};
export const LongNames: Story<Props> = { args: { items: [item('nobody-thought-of-this'.repeat(6))] } };
export const RightToLeft: Story<Props> = {
  args: { items: [item('فريق')] },
  parameters: { world: 'right to left' },
};
