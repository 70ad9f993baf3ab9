'use client';

import type { ProviderConnection } from '@meterwire/client';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { type Read, readUnless } from '../../logic/form.ts';
import { addDays, isDay } from '../../logic/range.ts';
import { TextField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

interface Days {
  from: string;
  last: string;
}

/** Asks a provider for days gone by. */
export function BackfillForm({ connection, onDone }: { connection: ProviderConnection; onDone: () => void }) {
  const backfill = useMoneyChange((client, days: { from: string; to: string }, options) =>
    client.connections.backfill(connection.id, days, options),
  );
  return (
    <ResourceForm
      what="backfill"
      label={`Backfill of ${connection.name}`}
      heading={null}
      saveLabel="Ask for these days"
      begin={{ from: '', last: '' }}
      read={read}
      names={{ to: 'last' }}
      save={backfill}
      said={() => `${connection.name} is being asked for these days.`}
      onDone={onDone}
    >
      {({ text }) => (
        <div className="mw-form-fields">
          <TextField
            {...text('from')}
            label="First day"
            help="In UTC, as providers cut their days."
            kind="date"
          />
          <TextField {...text('last')} label="Last day" help="It is asked for too." kind="date" />
        </div>
      )}
    </ResourceForm>
  );
}

function read({ from, last }: Days): Read<{ from: string; to: string }> {
  const isBefore = isDay(from) && isDay(last) && last < from;
  const problems = {
    from: isDay(from) ? undefined : 'Enter the first day.',
    last: !isDay(last) ? 'Enter the last day.' : isBefore ? 'The last day is before the first.' : undefined,
  };
  return readUnless(problems, () => ({ from, to: addDays(last, 1) }));
}
