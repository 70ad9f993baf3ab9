'use client';

import type { Project } from '@meterwire/client';
import { useState } from 'react';
import { useProjects, useSettingsChange, useWideChange } from '../../hooks/useSettings.ts';
import { Card } from '../Card/Card.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { Paged } from '../Paged/Paged.tsx';
import { type ProjectDraft, ProjectForm } from './ProjectForm.tsx';
import { EditableRow, EditableTable } from '../EditableTable/EditableTable.tsx';

/** Projects with who pays for them and who works on them. */
export function ProjectsTable({ canChange }: { canChange: boolean }) {
  const query = useProjects();
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Projects"
      summary={
        canChange
          ? 'A project is made by the first event that names it, or here. Its department pays for what names none.'
          : 'What events belong to. An owner changes names, departments and teams.'
      }
      actions={
        canChange && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Add a project
          </button>
        )
      }
    >
      {adding && <AddProject onDone={() => setAdding(false)} />}
      <Paged
        query={query}
        label="projects"
        one="project"
        empty="No project yet. The first event that names one makes it."
      >
        {(projects) => <Table projects={projects} canChange={canChange} />}
      </Paged>
    </Card>
  );
}

function AddProject({ onDone }: { onDone: () => void }) {
  const say = useNotice();
  const create = useSettingsChange((client, project: ProjectDraft, options) =>
    client.projects.create(project, options),
  );
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New project</h3>
      <ProjectForm
        busy={create.isPending}
        error={create.error}
        onCancel={onDone}
        onSave={(project) =>
          create.mutate(project, {
            onSuccess: ({ name }) => {
              onDone();
              say(`Added the project ${name}.`);
            },
          })
        }
      />
    </div>
  );
}

function Table({ projects, canChange }: { projects: readonly Project[]; canChange: boolean }) {
  const [editing, setEditing] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<Project | null>(null);
  return (
    <>
      <EditableTable
        label="Projects"
        columns={['Project', 'Department', 'Team', 'Since']}
        actions={canChange}
      >
        {projects.map((project) => (
          <ProjectRows
            key={project.slug}
            project={project}
            canChange={canChange}
            editing={editing === project.slug}
            onEdit={(on) => setEditing(on ? project.slug : null)}
            onDelete={() => setDeleting(project)}
          />
        ))}
      </EditableTable>
      <DeleteProject project={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

interface ProjectRowsProps {
  project: Project;
  canChange: boolean;
  editing: boolean;
  onEdit: (on: boolean) => void;
  onDelete: () => void;
}

function ProjectRows({ project, canChange, editing, onEdit, onDelete }: ProjectRowsProps) {
  const { slug, name, department, team, created_at } = project;
  return (
    <EditableRow
      cells={
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
      }
      columns={4}
      name={`the project ${name}`}
      canChange={canChange}
      editing={editing}
      onEdit={onEdit}
      editor={<EditProject project={project} onDone={() => onEdit(false)} />}
      onRemove={onDelete}
    />
  );
}

function EditProject({ project, onDone }: { project: Project; onDone: () => void }) {
  const say = useNotice();
  // Another department moves money between departments, wherever that is shown.
  const save = useWideChange((client, { slug, ...change }: ProjectDraft, options) =>
    client.projects.change(slug, change, options),
  );
  return (
    <ProjectForm
      project={project}
      busy={save.isPending}
      error={save.error}
      onCancel={onDone}
      onSave={(wanted) =>
        save.mutate(wanted, {
          onSuccess: ({ name }) => {
            onDone();
            say(`Saved the project ${name}.`);
          },
        })
      }
    />
  );
}

function DeleteProject({ project, onClose }: { project: Project | null; onClose: () => void }) {
  const remove = useWideChange((client, slug: string, options) => client.projects.remove(slug, options));
  return (
    <DeleteDialog
      item={project && { id: project.slug, name: project.name }}
      what="project"
      remove={remove}
      onClose={onClose}
    >
      <p>
        Its name for people, department and team go. Its events stay with every cost, and the next event that
        names it makes it again.
      </p>
    </DeleteDialog>
  );
}
