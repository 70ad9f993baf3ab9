import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ErrorState } from './ErrorState.tsx';

type Props = ComponentProps<typeof ErrorState>;

export default {
  title: 'Parts/ErrorState',
  component: ErrorState,
  args: { error: new Error('Something unforeseen happened.'), onRetry: () => {} },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Retrying: Story<Props> = { args: { retrying: true } };
export const WithoutRetry: Story<Props> = { args: { onRetry: undefined } };
export const LongNames: Story<Props> = { args: { error: new Error('nobody-thought-of-this'.repeat(12)) } };
export const RightToLeft: Story<Props> = { parameters: { world: 'right to left' } };
