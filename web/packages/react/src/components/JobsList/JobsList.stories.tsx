import type { ComponentProps } from 'react';
import { useEffect } from 'react';
import { useJobs } from '../../hooks/useJobs.ts';
import type { JobControl } from '../../state/jobs.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { JobsList } from './JobsList.tsx';

type Props = ComponentProps<typeof JobsList>;

export default { title: 'Parts/JobsList', component: JobsList } satisfies Meta<Props>;

type Work = (control: JobControl) => Promise<string>;

function Working({ title, works }: { title: string; works: readonly Work[] }) {
  const { start, forgetAll } = useJobs();
  useEffect(() => {
    for (const work of works) start({ title, total: 1000, unit: 'rows', place: 'data' }, work);
    return forgetAll;
  }, [title, works, start, forgetAll]);
  return <JobsList />;
}

const running: Work = ({ tell }) => {
  tell({ done: 420 });
  return new Promise(() => {});
};
const done: Work = async () => 'Recorded 1,000 events.';
const failed: Work = async () => {
  throw new Error('The server could not be reached.');
};
const refused: Work = async ({ tell }) => {
  tell({ done: 1000, problems: Array.from({ length: 50 }, (_, at) => `Row ${at}: time is missing.`) });
  return 'Recorded 950 events, 50 were refused.';
};

const working = (title: string, ...works: Work[]): Story<Props> => ({
  render: () => <Working title={title} works={works} />,
});

export const Empty: Story<Props> = {};
export const Running: Story<Props> = working('Import of events.ndjson', running);
export const Done: Story<Props> = working('Import of events.ndjson', done);
export const Failed: Story<Props> = working('Import of events.ndjson', failed);
export const Several: Story<Props> = working('Import of events.ndjson', running, done, failed, refused);
export const LongNames: Story<Props> = working('nobody-thought-of-this'.repeat(6), running, failed);
export const RightToLeft: Story<Props> = {
  ...working('استيراد', running),
  parameters: { world: 'right to left' },
};
