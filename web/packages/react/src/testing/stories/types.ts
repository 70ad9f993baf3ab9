import type { ComponentType, ReactNode } from 'react';
import type { UsageView } from '../../logic/range.ts';
import type { WorldState } from './reshape.ts';

/** What surrounds a story. */
export interface StoryParameters {
  /** How the server behaves; as it should where it is absent. */
  world?: WorldState;
  /** The shared view that it begins with. */
  view?: UsageView;
}

/** The first export of a story file, in the Component Story Format. */
export interface Meta<Props> {
  /** The area and the component: `Budgets/BudgetsTable`. */
  title: string;
  component: ComponentType<Props>;
  args?: Partial<Props>;
  parameters?: StoryParameters;
  render?: (args: Props) => ReactNode;
}

/** Each further export: the component in one state. */
export interface Story<Props = object> {
  args?: Partial<Props>;
  parameters?: StoryParameters;
  render?: (args: Props) => ReactNode;
  /** What is done once it is there, such as opening a form. */
  play?: () => Promise<void>;
}
