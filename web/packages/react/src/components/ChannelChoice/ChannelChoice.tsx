'use client';

import { useChannels } from '../../hooks/useMoney.ts';

export interface ChannelChoiceProps {
  /** Ids; none means every channel. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Which channels are told. None chosen means all of them. */
export function ChannelChoice({ chosen, onChange }: ChannelChoiceProps) {
  const channels = useChannels();
  const all = channels.data?.items ?? [];
  return (
    <fieldset className="mw-scope">
      <legend className="mw-form-label">Channels</legend>
      {all.length === 0 ? (
        <p className="mw-form-help">
          {channels.data
            ? 'There is no channel yet. Add one on the page Alerts to be told.'
            : 'Channels are being asked for.'}
        </p>
      ) : (
        <>
          <div className="mw-checks">
            {all.map(({ id, name }) => (
              <label className="mw-check" key={id}>
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  onChange={(event) =>
                    onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
                  }
                />
                <span>{name}</span>
              </label>
            ))}
          </div>
          <p className="mw-form-help">
            {chosen.length === 0 ? 'None is chosen, so all of them are told.' : 'Only these are told.'}
          </p>
        </>
      )}
    </fieldset>
  );
}
