'use client';

import { useId } from 'react';
import { useUsageQuestion } from '../../hooks/useUsage.ts';

export interface WorkspacePickerProps {
  project: string | undefined;
  onChange: (project: string | undefined) => void;
}

const MOST_PROJECTS = 100;

/** All projects together, or one of those with the most calls of the last 90 days. */
export function WorkspacePicker({ project, onChange }: WorkspacePickerProps) {
  const id = useId();
  const { data } = useUsageQuestion(({ tenant }) => ({
    range: '90d',
    ...(tenant ? { tenant } : {}),
    group_by: ['project'],
    metrics: ['calls'],
    top: MOST_PROJECTS,
  }));
  const names = (data?.groups ?? []).flatMap(({ key, other }) => (other || !key[0] ? [] : [key[0]]));
  const all = project && !names.includes(project) ? [project, ...names] : names;
  return (
    <div className="mw-subbar">
      <label className="mw-subbar-label" htmlFor={id}>
        Project
      </label>
      <select
        id={id}
        className="mw-select"
        value={project ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">All projects</option>
        {all.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
