'use client';

import { type ReactNode, useId } from 'react';
import { useRoving } from '../../hooks/useRoving.ts';

export interface TabsProps<Name extends string> {
  label: string;
  tabs: readonly { name: Name; label: string }[];
  chosen: Name;
  onChoose: (name: Name) => void;
  /** What the chosen tab shows. */
  children: ReactNode;
}

/** One tab stop; arrows move between the tabs, Enter or Space shows one. */
export function Tabs<Name extends string>({ label, tabs, chosen, onChoose, children }: TabsProps<Name>) {
  const id = useId();
  const index = Math.max(
    0,
    tabs.findIndex(({ name }) => name === chosen),
  );
  const roving = useRoving(tabs.length, index);
  return (
    <>
      <div className="mw-tabs" role="tablist" aria-label={label} {...roving.containerProps}>
        {tabs.map((tab, at) => (
          <button
            key={tab.name}
            type="button"
            role="tab"
            id={`${id}-${tab.name}`}
            className="mw-tab"
            aria-selected={tab.name === chosen}
            aria-controls={`${id}-panel`}
            {...roving.itemProps(at)}
            onClick={() => onChoose(tab.name)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div className="mw-tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </>
  );
}
