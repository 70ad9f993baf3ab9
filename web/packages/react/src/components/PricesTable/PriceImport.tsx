'use client';

import type { MeterwireClient, NewPrice } from '@meterwire/client';
import { useId, useRef, useState } from 'react';
import { useJobs } from '../../hooks/useJobs.ts';
import { SETTINGS_KEY } from '../../hooks/useSettings.ts';
import { useView } from '../../hooks/useView.ts';
import { countOf } from '../../logic/number.ts';
import { PRICE_COLUMNS, type PriceRow, readPriceFile } from '../../logic/settings/prices.ts';
import type { JobControl } from '../../state/jobs.ts';
import { useMeterwire } from '../../state/MeterwireProvider.tsx';
import { JobsList } from '../JobsList/JobsList.tsx';

const LARGEST_FILE = 4 * 1024 * 1024;

/** Takes prices from a CSV or NDJSON file, a row after the other, and says what became of each. */
export function PriceImport({ onDone }: { onDone: () => void }) {
  const { client, queryClient } = useMeterwire();
  const { tenant } = useView().view;
  const jobs = useJobs();
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const begin = async (file: File) => {
    try {
      if (file.size > LARGEST_FILE) throw new Error('The file is larger than 4 MiB.');
      const rows = readPriceFile(await file.text());
      setProblem(undefined);
      jobs.start(
        { title: `Prices of ${file.name}`, total: rows.length, unit: 'rows', place: 'prices' },
        async (control) => {
          const text = await makePrices(client, rows, tenant, control);
          await queryClient.invalidateQueries({ queryKey: SETTINGS_KEY });
          return text;
        },
      );
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    if (input.current) input.current.value = '';
  };
  return (
    <div className="mw-inset">
      <h3 className="mw-inset-title">Prices from a file</h3>
      <div className="mw-form-field">
        <label className="mw-form-label" htmlFor={id}>
          CSV or NDJSON
        </label>
        <input
          ref={input}
          id={id}
          className="mw-input mw-file"
          type="file"
          accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
          aria-describedby={problem ? `${id}-problem ${id}-help` : `${id}-help`}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void begin(file);
          }}
        />
        {problem && (
          <p className="mw-problem" id={`${id}-problem`} role="alert">
            {problem}
          </p>
        )}
        <p className="mw-form-help" id={`${id}-help`}>
          The first line names the columns, of which provider, model, input and output are needed:{' '}
          <code>{PRICE_COLUMNS.join(',')}</code>. Dollars per million tokens; days such as 2026-11-01. A price
          that holds at the same time as one that is there already is refused, so the same file can be taken
          again.
        </p>
      </div>
      <JobsList place="prices" />
      <div className="mw-editor-actions">
        <button type="button" className="mw-button" onClick={onDone}>
          Close
        </button>
      </div>
    </div>
  );
}

const MOST_PROBLEMS = 50;

async function makePrices(
  client: MeterwireClient,
  rows: readonly PriceRow[],
  tenant: string | undefined,
  { signal, tell }: JobControl,
): Promise<string> {
  const problems: string[] = [];
  let made = 0;
  let refused = 0;
  for (const [at, row] of rows.entries()) {
    if (signal.aborted) break;
    const problem = 'problem' in row ? row.problem : await makeOne(client, row.price, { tenant, signal });
    if (problem === null) made += 1;
    else {
      refused += 1;
      if (problems.length < MOST_PROBLEMS) problems.push(`Line ${row.line}: ${problem}`);
    }
    tell({ done: at + 1, problems: [...problems] });
  }
  return refused > 0
    ? `${countOf(made, 'price')} added, ${countOf(refused, 'row')} refused.`
    : `${countOf(made, 'price')} added.`;
}

/** Null, or why it was refused. A server that is away ends the whole import. */
async function makeOne(
  client: MeterwireClient,
  price: NewPrice,
  options: { tenant: string | undefined; signal: AbortSignal },
): Promise<string | null> {
  try {
    await client.prices.create(price, options);
    return null;
  } catch (error) {
    const status = (error as { status?: number }).status ?? 0;
    if (status === 409 || status === 422 || status === 400) return (error as Error).message;
    throw error;
  }
}
