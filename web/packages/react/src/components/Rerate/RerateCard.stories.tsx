import { press } from '../../testing/stories/press.ts';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { useOpened } from '../Form/Opened.tsx';
import { RerateCard, type RerateOnly } from './RerateCard.tsx';

function Card() {
  return <RerateCard place={useOpened<RerateOnly>()} zone="UTC" onAudit={() => {}} />;
}

export default { title: 'Settings/RerateCard', component: Card } satisfies Meta<object>;

export {
  Empty,
  Failed,
  Live,
  Loading,
  LongNames,
  OneRow,
  RightToLeft,
} from '../../testing/stories/states.ts';

export const Choosing: Story = press(/^Re-rate usage/);
export const TheDifference: Story = press(/^Re-rate usage/, /^Show the difference/);
