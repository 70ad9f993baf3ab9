'use client';

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useView } from '../../hooks/useView.ts';
import { knownZones, searchZones, zoneLabel } from '../../logic/zones.ts';
import { Popover } from '../Popover/Popover.tsx';

/** Chooses the zone in which days begin. The tenant's own zone is the default and needs no address. */
export function ZonePicker({ shown, tenantZone }: { shown: string; tenantZone: string | undefined }) {
  const { setTz } = useView();
  return (
    <Popover icon="globe" text={zoneLabel(shown)} label={`Time zone, ${zoneLabel(shown)}`}>
      {(close) => (
        <ZoneList
          current={shown}
          tenantZone={tenantZone}
          onPick={(zone) => {
            setTz(zone === tenantZone ? undefined : zone);
            close();
          }}
        />
      )}
    </Popover>
  );
}

interface ZoneListProps {
  current: string;
  tenantZone: string | undefined;
  onPick: (zone: string) => void;
}

const MAX_SHOWN = 60;

/** A search field that keeps the focus and steers a list box with the arrows. */
function ZoneList({ current, tenantZone, onPick }: ZoneListProps) {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const all = useMemo(
    () => nearestFirst(knownZones(), [current, tenantZone, browserZone()]),
    [current, tenantZone],
  );
  const found = useMemo(() => searchZones(all, query).slice(0, MAX_SHOWN), [all, query]);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    document.getElementById(`${listId}-${active}`)?.scrollIntoView?.({ block: 'nearest' });
  }, [active, listId]);

  const onKeyDown = (event: KeyboardEvent) => {
    const last = found.length - 1;
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, last));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter') {
      const zone = found[active];
      if (zone) onPick(zone);
    } else return;
    event.preventDefault();
  };

  return (
    <div className="mw-zones">
      <input
        ref={input}
        className="mw-input"
        type="text"
        role="combobox"
        aria-label="Find a time zone"
        placeholder="Find a zone, such as Berlin"
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {/* It scrolls, which would make it a stop of the keyboard; the field above has the keys. */}
      <div className="mw-zone-list" id={listId} role="listbox" aria-label="Time zones" tabIndex={-1}>
        {found.map((zone, index) => (
          // The field above has the focus and the keys, and names the active option.
          <div
            key={zone}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={zone === current}
            className={`mw-zone ${index === active ? 'mw-zone-active' : ''}`}
            onClick={() => onPick(zone)}
          >
            <span>{zoneLabel(zone)}</span>
            {zone === tenantZone && <span className="mw-zone-note">tenant</span>}
            {zone === browserZone() && zone !== tenantZone && <span className="mw-zone-note">yours</span>}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="mw-zone-none" role="status">
          No zone has this name.
        </p>
      )}
    </div>
  );
}

function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function nearestFirst(zones: readonly string[], likely: readonly (string | undefined)[]): string[] {
  const first = [...new Set(likely.filter((zone): zone is string => Boolean(zone)))];
  return [...first, ...zones.filter((zone) => !first.includes(zone))];
}
