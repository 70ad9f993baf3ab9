import type { ComponentType, ReactNode } from 'react';
import type { Meta, Story, StoryParameters } from '../packages/react/src/testing/stories/types.ts';

/** A module in the Component Story Format: what all its stories share, and the stories by name. */
export type StoryFile = { default: Meta<object> } & Record<string, unknown>;

export interface StoryOf {
  /** As other tools call it too: `budgets-budgetstable--ten-thousand-rows`. */
  id: string;
  title: string;
  name: string;
  parameters: StoryParameters;
  play: (() => Promise<void>) | undefined;
  element: () => ReactNode;
}

export function collect(files: Record<string, StoryFile>): StoryOf[] {
  return Object.values(files)
    .flatMap(({ default: meta, ...stories }) =>
      Object.entries(stories).map(([name, story]) => storyOf(meta, name, story as Story)),
    )
    .sort((a, b) => a.title.localeCompare(b.title));
}

function storyOf(meta: Meta<object>, name: string, story: Story): StoryOf {
  const { title } = meta;
  const args = { ...meta.args, ...story.args };
  const render = story.render ?? meta.render;
  const Component: ComponentType<object> = meta.component;
  return {
    id: `${dashed(title)}--${dashed(name)}`,
    title,
    name: name.replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
    parameters: { ...meta.parameters, ...story.parameters },
    play: story.play,
    element: () => (render ? render(args) : <Component {...args} />),
  };
}

function dashed(text: string): string {
  return text
    .replace(/(?<=[a-z])(?=[A-Z])/g, text.includes('/') ? '' : '-')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
