'use client';

import type { Channel } from '@meterwire/client';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { RowButton } from '../EditableTable/RowButton.tsx';
import { useNotice } from '../Notice/Notice.tsx';

/** Sends a test message now and says what happened. */
export function TestButton({ channel: { id, name } }: { channel: Channel }) {
  const say = useNotice();
  const test = useMoneyChange((client, one: string, options) => client.channels.test(one, options));
  return (
    <RowButton
      text="Test"
      busyText="Sending…"
      label={`Send a test to ${name}`}
      id={id}
      act={test}
      problem={test.data?.error}
      onDone={({ arrived, took_ms }) => {
        if (arrived) say(`The test to ${name} was taken after ${took_ms} ms.`);
      }}
    />
  );
}
