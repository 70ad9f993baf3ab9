'use client';

import { useProjects } from './useSettings.ts';
import { useAsked } from './useAsked.ts';
import { useLimitUsers } from './useLimits.ts';

export interface CommandData {
  projects: readonly { slug: string; name: string }[];
  models: readonly string[];
  users: readonly { id: string; username: string }[];
  loading: boolean;
}

/** What can be looked for by name: projects, users, and the models of the last ninety days. */
export function useCommandData(): CommandData {
  const projects = useProjects();
  const users = useLimitUsers();
  const models = useAsked(
    ['meterwire', 'commands'],
    'models',
    [],
    (client, { tenant, signal }) =>
      client.usage(
        { range: '90d', ...(tenant ? { tenant } : {}), group_by: ['model'], metrics: ['calls'], top: 200 },
        signal,
      ),
    { isAnswer: () => true },
  );
  return {
    projects: projects.data?.pages.flatMap(({ items }) => items) ?? [],
    users: users.data?.pages.flatMap(({ items }) => items) ?? [],
    models: models.data?.groups.flatMap(({ key, other }) => (other || !key[0] ? [] : [key[0]])) ?? [],
    loading: projects.isLoading || users.isLoading || models.isLoading,
  };
}
