'use client';

import type { Project } from '@meterwire/client';
import { useWideChange } from '../../hooks/useSettings.ts';
import { type Read, readUnless } from '../../logic/form.ts';
import { TextField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

/** A project as it is sent: null for no department and no team. */
interface Wanted {
  slug: string;
  name: string;
  department: string | null;
  team: string | null;
}

interface Draft {
  slug: string;
  name: string;
  department: string;
  team: string;
}

export interface ProjectFormProps {
  /** What is changed; without one a new project is made. */
  project?: Project;
  onDone: () => void;
}

/** What a project is called, who pays for it and who works on it. */
export function ProjectForm({ project, onDone }: ProjectFormProps) {
  // Another department moves money between departments, wherever that is shown.
  const save = useWideChange((client, { slug, ...rest }: Wanted, options) =>
    project
      ? client.projects.change(slug, rest, options)
      : client.projects.create({ slug, ...rest }, options),
  );
  return (
    <ResourceForm
      what="project"
      name={project?.slug}
      begin={draftOf(project)}
      read={read}
      save={save}
      said={({ name }) => `${project ? 'Saved' : 'Added'} the project ${name}.`}
      onDone={onDone}
    >
      {({ text }) => (
        <div className="mw-form-fields">
          {!project && (
            <TextField
              {...text('slug')}
              label="Name in events"
              help="What stands in the field project of events. It cannot be changed later."
              placeholder="support-bot"
            />
          )}
          <TextField {...text('name')} label="Name" help="For people. Left empty it is the one in events." />
          <TextField
            {...text('department')}
            label="Department"
            help="Who pays, unless an event names another. May stay empty."
          />
          <TextField {...text('team')} label="Team" help="Who works on it. May stay empty." />
        </div>
      )}
    </ResourceForm>
  );
}

function draftOf(project: Project | undefined): Draft {
  return {
    slug: project?.slug ?? '',
    name: project?.name ?? '',
    department: project?.department ?? '',
    team: project?.team ?? '',
  };
}

function read(draft: Draft): Read<Wanted> {
  const slug = draft.slug.trim();
  const missing = slug ? undefined : 'Enter the name that your events carry, such as support-bot.';
  return readUnless({ slug: missing }, () => ({
    slug,
    name: draft.name.trim() || slug,
    department: draft.department.trim() || null,
    team: draft.team.trim() || null,
  }));
}
