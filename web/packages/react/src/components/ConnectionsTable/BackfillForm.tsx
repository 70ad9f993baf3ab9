'use client';

import type { ProviderConnection } from '@meterwire/client';
import { useState } from 'react';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { addDays, isDay } from '../../logic/range.ts';
import { TextField } from '../Form/Field.tsx';
import { Form } from '../Form/Form.tsx';
import { useNotice } from '../Notice/Notice.tsx';

/** Asks a provider for days gone by. */
export function BackfillForm({ connection, onDone }: { connection: ProviderConnection; onDone: () => void }) {
  const say = useNotice();
  const [from, setFrom] = useState('');
  const [last, setLast] = useState('');
  const [problems, setProblems] = useState<{ from?: string; last?: string }>({});
  const backfill = useMoneyChange((client, days: { from: string; to: string }, options) =>
    client.connections.backfill(connection.id, days, options),
  );
  const save = () => {
    const found = {
      ...(isDay(from) ? {} : { from: 'Enter the first day.' }),
      ...(!isDay(last)
        ? { last: 'Enter the last day.' }
        : isDay(from) && last < from
          ? { last: 'The last day is before the first.' }
          : {}),
    };
    setProblems(found);
    if (Object.keys(found).length > 0) return Object.keys(found)[0];
    backfill.mutate(
      { from, to: addDays(last, 1) },
      {
        onSuccess: () => {
          onDone();
          say(`${connection.name} is being asked for these days.`);
        },
      },
    );
    return undefined;
  };
  return (
    <Form
      label={`Backfill of ${connection.name}`}
      saveLabel="Ask for these days"
      busy={backfill.isPending}
      error={backfill.error}
      onSave={save}
      onCancel={onDone}
    >
      <div className="mw-form-fields">
        <TextField
          name="from"
          label="First day"
          help="In UTC, as providers cut their days."
          kind="date"
          value={from}
          problem={problems.from}
          onChange={setFrom}
        />
        <TextField
          name="last"
          label="Last day"
          help="It is asked for too."
          kind="date"
          value={last}
          problem={problems.last}
          onChange={setLast}
        />
      </div>
    </Form>
  );
}
