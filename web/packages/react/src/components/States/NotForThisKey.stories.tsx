import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { NotForThisKey } from './NotForThisKey.tsx';

type Props = ComponentProps<typeof NotForThisKey>;

export default { title: 'Parts/NotForThisKey', component: NotForThisKey } satisfies Meta<Props>;

export const Member: Story<Props> = { args: { role: 'member' } };
export const Ingest: Story<Props> = { args: { role: 'ingest' } };
