'use client';

import type { Project } from '@meterwire/client';
import { useState } from 'react';
import { TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';

/** A project as it is entered: nothing for no department and no team. */
export interface ProjectDraft {
  slug: string;
  name: string;
  department: string | null;
  team: string | null;
}

export interface ProjectFormProps {
  /** What is changed; without one a new project is made. */
  project?: Project;
  busy: boolean;
  error: Error | null;
  onSave: (project: ProjectDraft) => void;
  onCancel: () => void;
}

/** What a project is called, who pays for it and who works on it. */
export function ProjectForm({ project, busy, error, onSave, onCancel }: ProjectFormProps) {
  const [slug, setSlug] = useState('');
  const [name, setName] = useState(project?.name ?? '');
  const [department, setDepartment] = useState(project?.department ?? '');
  const [team, setTeam] = useState(project?.team ?? '');
  const [problem, setProblem] = useState<string>();
  const save = () => {
    const missing =
      !project && slug.trim() === ''
        ? 'Enter the name that your events carry, such as support-bot.'
        : undefined;
    setProblem(missing);
    if (missing) return 'slug';
    const own = project?.slug ?? slug.trim();
    onSave({
      slug: own,
      name: name.trim() || own,
      department: department.trim() || null,
      team: team.trim() || null,
    });
    return undefined;
  };
  return (
    <Form
      label={project ? `Project ${project.slug}` : 'New project'}
      saveLabel={project ? 'Save project' : 'Add the project'}
      busy={busy}
      error={error}
      onSave={save}
      onCancel={onCancel}
    >
      <div className="mw-form-fields">
        {!project && (
          <TextField
            name="slug"
            label="Name in events"
            help="What stands in the field project of events. It cannot be changed later."
            placeholder="support-bot"
            value={slug}
            problem={problem}
            onChange={setSlug}
          />
        )}
        <TextField
          name="name"
          label="Name"
          help="For people. Left empty it is the one in events."
          value={name}
          onChange={setName}
        />
        <TextField
          name="department"
          label="Department"
          help="Who pays, unless an event names another. May stay empty."
          value={department}
          onChange={setDepartment}
        />
        <TextField
          name="team"
          label="Team"
          help="Who works on it. May stay empty."
          value={team}
          onChange={setTeam}
        />
      </div>
    </Form>
  );
}
