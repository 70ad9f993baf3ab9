import type { Budget } from '@meterwire/client';

export interface FamilyMember {
  budget: Budget;
  /** 0 is nobody's part. */
  depth: number;
  /** The name of what it is a part of. */
  parent: string | undefined;
}

/** The default first, then in the order in which they came, each followed by its parts. */
export function familyOf(budgets: readonly Budget[]): FamilyMember[] {
  const known = new Map(budgets.map((budget) => [budget.id, budget]));
  const partsOf = new Map<string | null, Budget[]>();
  for (const budget of budgets) {
    // A part whose parent is on another page stands by itself.
    const parent = budget.parent && known.has(budget.parent) ? budget.parent : null;
    partsOf.set(parent, [...(partsOf.get(parent) ?? []), budget]);
  }
  const family: FamilyMember[] = [];
  const add = (parent: string | null, depth: number) => {
    const parts = partsOf.get(parent) ?? [];
    for (const budget of [...parts].sort((a, b) => Number(b.is_default) - Number(a.is_default))) {
      family.push({ budget, depth, parent: parent === null ? undefined : known.get(parent)?.name });
      add(budget.id, depth + 1);
    }
  };
  add(null, 0);
  return family;
}
