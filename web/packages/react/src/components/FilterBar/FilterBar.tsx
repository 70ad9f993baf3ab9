'use client';

import type { Dimension } from '@meterwire/client';
import { useView } from '../../hooks/useView.ts';
import { isNarrowed } from '../../logic/range.ts';
import { Icon } from '../Icon/Icon.tsx';

export const DIMENSION_LABEL: Record<Dimension, string> = {
  provider: 'Provider',
  model: 'Model',
  project: 'Project',
  user: 'User',
  api_key: 'API key',
  agent: 'Agent',
  department: 'Department',
  country: 'Country',
  status: 'Status',
  operation: 'Operation',
  service_tier: 'Service tier',
};

/** The filters in force, each with a button that takes it away. Nothing where there are none. */
export function FilterBar() {
  const { view, setFilters, setPriced, clearFilters } = useView();
  if (!isNarrowed(view)) return null;
  const chips = Object.entries(view.filters).flatMap(([dimension, values]) =>
    (values ?? []).map((value) => ({ dimension: dimension as Dimension, value })),
  );
  const without = (dimension: Dimension, value: string) =>
    setFilters({
      ...view.filters,
      [dimension]: (view.filters[dimension] ?? []).filter((other) => other !== value),
    });
  const count = chips.length + (view.priced === undefined ? 0 : 1);
  return (
    <ul className="mw-chips" aria-label="Filters">
      {chips.map(({ dimension, value }) => (
        <Chip
          key={`${dimension}=${value}`}
          name={`${DIMENSION_LABEL[dimension]}: ${value === '' ? '(none)' : value}`}
          onRemove={() => without(dimension, value)}
        />
      ))}
      {view.priced !== undefined && (
        <Chip name={view.priced ? 'With a price' : 'Without a price'} onRemove={() => setPriced(undefined)} />
      )}
      {count > 1 && (
        <li>
          <button type="button" className="mw-link" onClick={clearFilters}>
            Remove all
          </button>
        </li>
      )}
    </ul>
  );
}

function Chip({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <li>
      <button type="button" className="mw-chip" aria-label={`Remove filter ${name}`} onClick={onRemove}>
        <span className="mw-chip-text">{name}</span>
        <Icon name="close" />
      </button>
    </li>
  );
}
