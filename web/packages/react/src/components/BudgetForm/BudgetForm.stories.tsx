import type { ComponentProps } from 'react';
import { budget } from '../../testing/money/budgets.ts';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { BudgetForm } from './BudgetForm.tsx';

export default {
  title: 'Budgets/BudgetForm',
  component: BudgetForm,
  args: { zone: 'UTC', onDone: () => {} },
} satisfies Meta<ComponentProps<typeof BudgetForm>>;

export { Live, Loading, LongNames, RightToLeft, TenThousandRows } from '../../testing/stories/states.ts';

export const Editing: Story<ComponentProps<typeof BudgetForm>> = { args: { budget: budget({ hard: true }) } };
export const WithProblems: Story = press(/^(Add|Create|Save|Make)/);
