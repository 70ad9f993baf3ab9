'use client';

import type { Channel } from '@meterwire/client';
import { useMoneyChange } from '../../hooks/useMoney.ts';
import { useNotice } from '../Notice/Notice.tsx';

/** Sends a test message now and says what happened. */
export function TestButton({ channel }: { channel: Channel }) {
  const say = useNotice();
  const test = useMoneyChange((client, id: string, options) => client.channels.test(id, options));
  const problem = test.error?.message ?? test.data?.error;
  return (
    <span className="mw-test">
      <button
        type="button"
        className="mw-button mw-button-small"
        aria-label={`Send a test to ${channel.name}`}
        aria-disabled={test.isPending}
        onClick={() =>
          !test.isPending &&
          test.mutate(channel.id, {
            onSuccess: (result) => {
              if (result.arrived) say(`The test to ${channel.name} was taken after ${result.took_ms} ms.`);
            },
          })
        }
      >
        {test.isPending ? 'Sending…' : 'Test'}
      </button>
      {problem && (
        <span className="mw-problem mw-test-problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
