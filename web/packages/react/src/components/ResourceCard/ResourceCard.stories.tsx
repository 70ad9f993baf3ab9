import type { ComponentProps } from 'react';
import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { ProjectForm } from '../ProjectsTable/ProjectForm.tsx';
import { ResourceCard } from './ResourceCard.tsx';

type Props = ComponentProps<typeof ResourceCard>;

export default {
  title: 'Parts/ResourceCard',
  component: ResourceCard,
  args: {
    title: 'Projects',
    summary: 'What events belong to.',
    add: 'Add a project',
    form: (close) => <ProjectForm onDone={close} />,
    children: <p className="mw-section-text">The list of them.</p>,
  },
} satisfies Meta<Props>;

export const Usual: Story<Props> = {};
export const Adding: Story<Props> = { args: { adding: true } };
export const WithProblems: Story<Props> = { args: { adding: true }, ...press(/^Add the project/) };
export const NothingToAdd: Story<Props> = { args: { add: false } };
export const RightToLeft: Story<Props> = { args: { adding: true }, parameters: { world: 'right to left' } };
