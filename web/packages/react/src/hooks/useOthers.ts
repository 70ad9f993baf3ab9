'use client';

import type { Dimension } from '@meterwire/client';
import { useState } from 'react';
import { adviceFor } from '../logic/advice.ts';
import { type Drill, MAX_FILTER_VALUES, narrowed } from '../logic/drill.ts';
import { spanOf } from '../logic/range.ts';
import { useMeterwire } from '../state/context.ts';
import { useView } from './useView.ts';

export interface Others {
  /** Finds the rows of everything that is not among the named values. */
  find: (drill: Drill, dimension: Dimension, named: readonly string[], found: (drill: Drill) => void) => void;
  /** Why the rows could not be shown. */
  problem: string | null;
}

const MOST_GROUPS = 1000;

/** "Other" has no name to filter by: which values it stands for is asked when somebody wants to see its rows. */
export function useOthers(): Others {
  const { client } = useMeterwire();
  const { view } = useView();
  const [problem, setProblem] = useState<string | null>(null);
  const find: Others['find'] = async (drill, dimension, named, found) => {
    setProblem(null);
    try {
      const answer = await client.usage({
        ...spanOf({ ...view, ...drill, tz: drill.tz ?? view.tz }),
        filter: drill.filters,
        group_by: [dimension],
        metrics: ['calls'],
        top: MOST_GROUPS,
      });
      const values = answer.groups.map(({ key }) => key[0] ?? '').filter((value) => !named.includes(value));
      if (values.length > MAX_FILTER_VALUES || answer.groups.some(({ other }) => other)) {
        setProblem(
          `Other stands for more than ${MAX_FILTER_VALUES} values here. Show a shorter time or filter first.`,
        );
      } else if (values.length > 0) found(narrowed(drill, dimension, values));
    } catch (error) {
      setProblem(adviceFor(error).message);
    }
  };
  return { find, problem };
}
