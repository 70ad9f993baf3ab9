'use client';

import type { DeclaredDimension, NewDimension } from '@meterwire/client';
import { useState } from 'react';
import { useDimensions, useSettingsChange, useWideChange } from '../../hooks/useSettings.ts';
import { formatInteger } from '../../logic/number.ts';
import { isDimensionName } from '../../logic/settings/words.ts';
import { Card } from '../Card/Card.tsx';
import { DeleteDialog } from '../Dialog/DeleteDialog.tsx';
import { TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';
import { useNotice } from '../Notice/Notice.tsx';
import { ProgressBar } from '../ProgressBar/ProgressBar.tsx';
import { Asked } from '../States/Asked.tsx';
import { EmptyRange } from '../States/EmptyRange.tsx';
import { EditableTable } from '../EditableTable/EditableTable.tsx';

const MOST = 8;

/** Properties of events that usage can be grouped and filtered by, and how far old events are counted. */
export function DimensionsTable({ canChange }: { canChange: boolean }) {
  const query = useDimensions();
  const [adding, setAdding] = useState(false);
  const count = query.data?.items.length ?? 0;
  return (
    <Card
      title="Dimensions"
      summary={`Properties of your events that usage can be grouped and filtered by, at most ${MOST}.${canChange ? '' : ' An owner declares them.'}`}
      actions={
        canChange &&
        query.data &&
        count < MOST && (
          <button
            type="button"
            className="mw-button"
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            Declare a dimension
          </button>
        )
      }
    >
      {adding && <AddDimension onDone={() => setAdding(false)} />}
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
    </Card>
  );
}

function AddDimension({ onDone }: { onDone: () => void }) {
  const say = useNotice();
  const [name, setName] = useState('');
  const [property, setProperty] = useState('');
  const [problem, setProblem] = useState<string>();
  const create = useSettingsChange((client, dimension: NewDimension, options) =>
    client.dimensions.create(dimension, options),
  );
  const save = () => {
    const wrong = isDimensionName(name.trim())
      ? undefined
      : 'Use a to z, 0 to 9 and _, beginning with a letter, such as feature.';
    setProblem(wrong);
    if (wrong) return 'name';
    create.mutate(
      { name: name.trim(), ...(property.trim() ? { property: property.trim() } : {}) },
      {
        onSuccess: (made) => {
          onDone();
          say(
            made.state === 'filling'
              ? `Declared ${made.name}. Events from before are being counted, also when you leave.`
              : `Declared ${made.name}.`,
          );
        },
      },
    );
    return undefined;
  };
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">New dimension</h3>
      <Form
        label="New dimension"
        saveLabel="Declare it"
        busy={create.isPending}
        error={create.error}
        onSave={save}
        onCancel={onDone}
      >
        <div className="mw-form-fields">
          <TextField
            name="name"
            label="Name"
            help="As it is asked for: group_by=feature."
            placeholder="feature"
            value={name}
            problem={problem}
            onChange={setName}
          />
          <TextField
            name="property"
            label="Property"
            help="The key under properties of your events. Left empty it is the name."
            placeholder={name || 'feature'}
            value={property}
            onChange={setProperty}
          />
        </div>
      </Form>
    </div>
  );
}

interface TableProps {
  dimensions: readonly DeclaredDimension[];
  canChange: boolean;
}

function Table({ dimensions, canChange }: TableProps) {
  const [removing, setRemoving] = useState<DeclaredDimension | null>(null);
  return (
    <>
      <EditableTable label="Dimensions" columns={['Dimension', 'Property', 'State']} actions={canChange}>
        {dimensions.map((dimension) => (
          <tr key={dimension.name}>
            <th scope="row" className="mw-cell-id">
              <strong>{dimension.name}</strong>
            </th>
            <td data-label="Property" className="mw-cell-id">
              <code className="mw-hash">properties.{dimension.property}</code>
            </td>
            <td data-label="State">
              <Filling dimension={dimension} />
            </td>
            {canChange && (
              <td className="mw-row-actions">
                <button
                  type="button"
                  className="mw-button mw-button-small"
                  aria-label={`Remove the dimension ${dimension.name}`}
                  onClick={() => setRemoving(dimension)}
                >
                  Remove
                </button>
              </td>
            )}
          </tr>
        ))}
      </EditableTable>
      <RemoveDimension dimension={removing} onClose={() => setRemoving(null)} />
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

function RemoveDimension({
  dimension,
  onClose,
}: {
  dimension: DeclaredDimension | null;
  onClose: () => void;
}) {
  const remove = useWideChange((client, name: string, options) => client.dimensions.remove(name, options));
  return (
    <DeleteDialog
      item={dimension && { id: dimension.name, name: dimension.name }}
      what="dimension"
      verb="Remove"
      remove={remove}
      onClose={onClose}
    >
      <p>
        Questions that name it are refused from now on. The properties stay in the events, so it can be
        declared again.
      </p>
    </DeleteDialog>
  );
}
