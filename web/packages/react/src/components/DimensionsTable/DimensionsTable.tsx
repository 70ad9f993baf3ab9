'use client';

import type { DeclaredDimension } from '@meterwire/client';
import { useState } from 'react';
import { useDimensions, useWideChange } from '../../hooks/useSettings.ts';
import { formatInteger } from '../../logic/number.ts';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { ResourceCard } from '../ResourceCard/ResourceCard.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { DimensionForm } from './DimensionForm.tsx';

const MOST = 8;

/** Properties of events that usage can be grouped and filtered by, and how far old events are counted. */
export function DimensionsTable({ canChange }: { canChange: boolean }) {
  const query = useDimensions();
  const isFull = (query.data?.items.length ?? 0) >= MOST;
  return (
    <ResourceCard
      title="Dimensions"
      summary={`Properties of your events that usage can be grouped and filtered by, at most ${MOST}.${canChange ? '' : ' An owner declares them.'}`}
      add={canChange && query.data && !isFull && 'Declare a dimension'}
      form={(close) => <DimensionForm onDone={close} />}
    >
      <Asked keep query={query} label="dimensions" skeleton="mw-skeleton-table">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyRange>
              No dimension of your own yet. Provider, model, project, user and the other built-in ones are
              always there.
            </EmptyRange>
          ) : (
            <Table dimensions={items} canChange={canChange} />
          )
        }
      </Asked>
    </ResourceCard>
  );
}

interface TableProps {
  dimensions: readonly DeclaredDimension[];
  canChange: boolean;
}

function Table({ dimensions, canChange }: TableProps) {
  const [removing, setRemoving] = useState<string | null>(null);
  const remove = useWideChange((client, name: string, options) => client.dimensions.remove(name, options));
  return (
    <>
      <EditableTable
        label="Dimensions"
        columns={['Dimension', 'Property', 'State']}
        actions={canChange}
        items={dimensions.map((dimension) => ({
          id: dimension.name,
          what: `the dimension ${dimension.name}`,
          cells: <Cells dimension={dimension} />,
          removal: { text: 'Remove', run: () => setRemoving(dimension.name) },
        }))}
      />
      <DeleteDialog
        item={removing === null ? null : { id: removing, name: removing }}
        what="dimension"
        verb="Remove"
        remove={remove}
        onClose={() => setRemoving(null)}
      >
        <p>
          Questions that name it are refused from now on. The properties stay in the events, so it can be
          declared again.
        </p>
      </DeleteDialog>
    </>
  );
}

function Cells({ dimension }: { dimension: DeclaredDimension }) {
  return (
    <>
      <th scope="row" className="mw-cell-id">
        <strong>{dimension.name}</strong>
      </th>
      <td data-label="Property" className="mw-cell-id">
        <code className="mw-hash">properties.{dimension.property}</code>
      </td>
      <td data-label="State">
        <Filling dimension={dimension} />
      </td>
    </>
  );
}

function Filling({ dimension }: { dimension: DeclaredDimension }) {
  const { name, state, filled_events: filled, events_to_fill: all } = dimension;
  if (state === 'ready') return <>Ready</>;
  const text = `${formatInteger(filled)} of about ${formatInteger(all)} events`;
  return (
    <span className="mw-backfill">
      <ProgressBar
        percentage={all === 0 ? 0 : (filled / all) * 100}
        label={`Filling of ${name}`}
        valueText={text}
      />
      <span className="mw-cell-note">{text} counted</span>
    </span>
  );
}
