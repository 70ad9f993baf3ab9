import type { CostShare, DepartmentCosts } from '@meterwire/client';
import { formatUsd } from './money.ts';
import { percentText } from './limits/words.ts';

/** `+12.3 %`, `−4 %`, `new`, `no change`; a dash where there is nothing to compare with. */
export function changeText({ change_percentage, previous_cost_usd, cost_usd }: CostShare): string {
  if (previous_cost_usd === null) return '–';
  if (change_percentage === null) return /[1-9]/.test(cost_usd) ? 'new' : '–';
  if (change_percentage === 0) return 'no change';
  const sign = change_percentage > 0 ? '+' : '−';
  return `${sign}${new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 }).format(Math.abs(change_percentage))} %`;
}

export function departmentName(department: string | null, other: boolean): string {
  return other ? 'Other' : (department ?? '(none)');
}

/** One sentence: who pays most. */
export function describeDepartments({ departments, total }: DepartmentCosts): string {
  const first = departments[0];
  if (!first || first.share_percentage === null) return 'Nothing was spent in this range.';
  const name = departmentName(first.department, first.other);
  const whole = formatUsd(total.cost_usd);
  if (departments.length === 1) return `${name} pays all of ${whole}.`;
  return `${name} pays ${percentText(first.share_percentage)} of ${whole}.`;
}
