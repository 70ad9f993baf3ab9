import type { Project } from '@meterwire/client';
import type { ComponentProps } from 'react';
import { useProjects } from '../../hooks/useSettings.ts';
import type { Meta } from '../../testing/stories/types.ts';
import { Paged } from './Paged.tsx';

type Props = ComponentProps<typeof Paged<Project>>;

function Projects() {
  return (
    <Paged query={useProjects()} label="projects" one="project" empty="No projects yet.">
      {(projects) => (
        <ul style={{ overflowWrap: 'anywhere' }}>
          {projects.map(({ slug, name }) => (
            <li key={slug}>{name}</li>
          ))}
        </ul>
      )}
    </Paged>
  );
}

export default { title: 'Parts/Paged', component: Paged, render: () => <Projects /> } satisfies Meta<Props>;

export {
  Empty,
  Failed,
  Live,
  Loading,
  LongNames,
  OneRow,
  RightToLeft,
  Stale,
  TenThousandRows,
} from '../../testing/stories/states.ts';
