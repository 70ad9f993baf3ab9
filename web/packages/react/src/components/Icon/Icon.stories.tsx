import type { ComponentProps } from 'react';
import type { Meta, Story } from '../../testing/stories/types.ts';
import { Icon, ICON_NAMES } from './Icon.tsx';

type Props = ComponentProps<typeof Icon>;

export default { title: 'Parts/Icon', component: Icon } satisfies Meta<Props>;

export const All: Story<Props> = {
  render: () => (
    <ul style={{ display: 'flex', flexWrap: 'wrap', gap: 16, padding: 0, listStyle: 'none' }}>
      {ICON_NAMES.map((name) => (
        <li key={name}>
          <Icon name={name} /> {name}
        </li>
      ))}
    </ul>
  ),
};
