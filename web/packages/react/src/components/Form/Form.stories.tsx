import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ChoiceField, SwitchField, TextField } from './Field.tsx';
import { Form } from './Form.tsx';

type Props = ComponentProps<typeof Form>;

const fields = (problem?: string, text = 'alpha') => (
  <>
    <TextField
      name="name"
      label="Name"
      help="As people call it."
      value={text}
      problem={problem}
      onChange={() => {}}
    />
    <ChoiceField<'day' | 'month'>
      label="Period"
      help="How often it begins again."
      choices={{ day: 'Day', month: 'Month' }}
      value="month"
      onChange={() => {}}
    />
    <SwitchField label="Hard" help="Calls beyond it are refused." on onChange={() => {}} />
  </>
);

export default {
  title: 'Parts/Form',
  component: Form,
  args: {
    label: 'Add a budget',
    saveLabel: 'Add',
    busy: false,
    error: null,
    onSave: () => {},
    onCancel: () => {},
    children: fields(),
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Busy: Story<Props> = { args: { busy: true } };
export const WithProblem: Story<Props> = { args: { children: fields('Enter a name.', '') } };
export const Failed: Story<Props> = { args: { error: new Error('The server could not be reached.') } };
export const LongNames: Story<Props> = {
  args: { children: fields('nobody-thought-of-this'.repeat(6), 'nobody-thought-of-this'.repeat(6)) },
};
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
