'use client';

import type { Project } from '@meterwire/client';
import { useState } from 'react';
import { useProjects, useWideChange } from '../../hooks/useSettings.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { ProjectForm } from './ProjectForm.tsx';

/** Projects with who pays for them and who works on them. */
export function ProjectsTable({ canChange }: { canChange: boolean }) {
  const query = useProjects();
  return (
    <ResourceCard
      title="Projects"
      summary={
        canChange
          ? 'A project is made by the first event that names it, or here. Its department pays for what names none.'
          : 'What events belong to. An owner changes names, departments and teams.'
      }
      add={canChange && 'Add a project'}
      form={(close) => <ProjectForm onDone={close} />}
    >
      <Paged
        query={query}
        label="projects"
        one="project"
        empty="No project yet. The first event that names one makes it."
      >
        {(projects) => <Table projects={projects} canChange={canChange} />}
      </Paged>
    </ResourceCard>
  );
}

function Table({ projects, canChange }: { projects: readonly Project[]; canChange: boolean }) {
  const [deleting, setDeleting] = useState<Project | null>(null);
  const remove = useWideChange((client, slug: string, options) => client.projects.remove(slug, options));
  return (
    <>
      <EditableTable
        label="Projects"
        columns={['Project', 'Department', 'Team', 'Since']}
        actions={canChange}
        items={projects.map((project) => ({
          id: project.slug,
          what: `the project ${project.name}`,
          cells: <Cells project={project} />,
          panels: [{ text: 'Edit', content: (close) => <ProjectForm project={project} onDone={close} /> }],
          removal: { text: 'Delete', run: () => setDeleting(project) },
        }))}
      />
      <DeleteDialog
        item={deleting && { id: deleting.slug, name: deleting.name }}
        what="project"
        remove={remove}
        onClose={() => setDeleting(null)}
      >
        <p>
          Its name for people, department and team go. Its events stay with every cost, and the next event
          that names it makes it again.
        </p>
      </DeleteDialog>
    </>
  );
}

function Cells({ project: { slug, name, department, team, created_at } }: { project: Project }) {
  return (
    <>
      <th scope="row" className="mw-cell-id">
        <strong>{name}</strong>
        {name !== slug && <span className="mw-cell-note">{slug}</span>}
      </th>
      <td data-label="Department">{department ?? <span className="mw-quiet">none</span>}</td>
      <td data-label="Team">{team ?? <span className="mw-quiet">none</span>}</td>
      <td data-label="Since">
        <time dateTime={created_at}>{created_at.slice(0, 10)}</time>
      </td>
    </>
  );
}
