'use client';

import type { Me } from '@meterwire/client';
import { type UseMutationResult, type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query';
import { ME_KEY, useMeterwire } from '../state/context.ts';

/** Who is signed in, in which role, for which tenants; not asked where nobody is expected to be (`enabled: false`). */
export function useMe({ enabled = true }: { enabled?: boolean } = {}): UseQueryResult<Me> {
  const { client, queryClient } = useMeterwire();
  return useQuery(
    { queryKey: ME_KEY, queryFn: ({ signal }) => client.me(signal), staleTime: 60_000, enabled },
    queryClient,
  );
}

/** Exchanges an API key for the session cookie. Whatever another key had seen is forgotten. */
export function useSignIn(): UseMutationResult<Me, Error, string> {
  const { client, queryClient } = useMeterwire();
  return useMutation(
    {
      mutationFn: (token: string) => client.signIn(token),
      onSuccess: (me) => {
        queryClient.clear();
        queryClient.setQueryData(ME_KEY, me);
      },
    },
    queryClient,
  );
}

export function useSignOut(): UseMutationResult<void, Error, void> {
  const { client, queryClient } = useMeterwire();
  return useMutation(
    { mutationFn: () => client.signOut(), onSuccess: () => queryClient.clear() },
    queryClient,
  );
}
