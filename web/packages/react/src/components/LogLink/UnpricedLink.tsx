'use client';

import { useView } from '../../hooks/useView.ts';
import type { Drill } from '../../logic/drill.ts';
import { countOf, formatInteger } from '../../logic/number.ts';
import { LogLink } from './LogLink.tsx';

export interface UnpricedLinkProps {
  calls: number;
  /** The rows that it is counted in; without it all that the page shows. */
  drill?: Drill | null;
  /** In place of `3 calls without a price`. */
  text?: string;
}

/** How many calls have no price. It leads to these calls. */
export function UnpricedLink({ calls, drill, text }: UnpricedLinkProps) {
  const { range, filters, tz } = useView().view;
  const counted = drill === undefined ? { range, filters, tz } : drill;
  return (
    <LogLink drill={counted && calls > 0 ? { ...counted, priced: false } : null}>
      {text ?? `${countOf(calls, 'call')} without a price`}
    </LogLink>
  );
}

/** Only the number, where what it counts stands beside it. */
export function UnpricedNumber({ calls, drill }: Omit<UnpricedLinkProps, 'text'>) {
  return (
    <UnpricedLink calls={calls} text={formatInteger(calls)} {...(drill === undefined ? {} : { drill })} />
  );
}
