import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { type Note, NoticeProvider, useNotice } from './Notice.tsx';

type Props = ComponentProps<typeof NoticeProvider>;

export default {
  title: 'Parts/Notice',
  component: NoticeProvider,
} satisfies Meta<Props>;

const saying = (note: Note): Story<Props> => ({
  render: () => (
    <NoticeProvider>
      <Speaker note={note} />
    </NoticeProvider>
  ),
  ...press(/^Say it/),
});

function Speaker({ note }: { note: Note }) {
  const say = useNotice();
  return (
    <button type="button" className="mw-button" onClick={() => say(note)}>
      Say it
    </button>
  );
}

export const Said: Story<Props> = saying({ text: 'Saved the project alpha.' });
export const WithAction: Story<Props> = saying({
  text: 'Snoozed.',
  action: { label: 'Undo', run: () => {} },
});
export const LongNames: Story<Props> = saying({ text: 'nobody-thought-of-this'.repeat(8) });
export const RightToLeft: Story<Props> = {
  ...saying({ text: 'تم الحفظ' }),
  parameters: { world: 'right to left' },
};
