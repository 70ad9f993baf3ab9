import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';

type Props = ComponentProps<typeof ConfirmDialog>;

export default {
  title: 'Parts/ConfirmDialog',
  component: ConfirmDialog,
  args: {
    open: true,
    title: 'Delete the project alpha?',
    children: <p>Its events stay.</p>,
    confirmLabel: 'Delete the project',
    busyLabel: 'Deleting…',
    busy: false,
    onConfirm: () => {},
    onClose: () => {},
  },
} satisfies Meta<Props>;

export const Asking: Story<Props> = {};
export const Blocked: Story<Props> = { args: { blocked: true } };
export const Busy: Story<Props> = { args: { busy: true } };
export const Failed: Story<Props> = { args: { error: new Error('The server could not be reached.') } };
export const LongNames: Story<Props> = { args: { title: `Delete ${'nobody-thought-of-this'.repeat(6)}?` } };
export const RightToLeft: Story<Props> = {
  args: { title: 'حذف المشروع؟' },
  parameters: { world: 'right to left' },
};
