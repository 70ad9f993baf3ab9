'use client';

import { useState } from 'react';
import type { RerateDifference, RerateWish } from '@meterwire/client';
import { useView } from '../../hooks/useView.ts';
import type { RerateDraft } from '../../logic/settings/rerate.ts';
import { Card } from '../Card/Card.tsx';
import type { Opened } from '../Form/Opened.tsx';
import { ToggleButton } from '../Form/ToggleButton.tsx';
import { DifferencePanel } from './DifferencePanel.tsx';
import { RerateForm } from './RerateForm.tsx';
import { RerateList } from './RerateList.tsx';

export type RerateOnly = RerateDraft['only'];

export interface RerateCardProps {
  /** Where the form is opened, from elsewhere on the page too. */
  place: Opened<RerateOnly>;
  /** The tenant's own, in which days begin. */
  zone: string;
  /** Leads to what the audit log says of one. */
  onAudit?: ((id: string) => void) | undefined;
}

/** Rates recorded usage anew, after it has shown what that would change. */
export function RerateCard({ place, zone, onAudit }: RerateCardProps) {
  const { opened, open, close, around } = place;
  const tz = useView().view.tz ?? zone;
  return (
    <Card
      title="Re-rate usage"
      summary="Recorded events keep the price they were rated with. This rates them by the prices of now, and shows first what would change."
      className="mw-card-stacked"
      actions={
        <ToggleButton
          text="Re-rate usage"
          open={opened !== null}
          onToggle={(on) => open(on ? 'all' : null)}
        />
      }
    >
      {opened && around(<Steps key={opened} only={opened} tz={tz} onDone={close} />)}
      <RerateList tz={tz} onAudit={onAudit} />
    </Card>
  );
}

interface Shown {
  wish: RerateWish;
  difference: RerateDifference;
}

/** First which usage, then what would change. */
function Steps({ only, tz, onDone }: { only: RerateOnly; tz: string; onDone: () => void }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [last, setLast] = useState<RerateWish | null>(null);
  if (!shown) {
    return (
      <RerateForm
        only={only}
        last={last}
        tz={tz}
        onDone={onDone}
        onShown={(difference, wish) => setShown({ wish, difference })}
      />
    );
  }
  return (
    <DifferencePanel
      {...shown}
      tz={tz}
      onOther={(difference) => setShown({ ...shown, difference })}
      onBack={() => {
        setLast(shown.wish);
        setShown(null);
      }}
      onDone={onDone}
    />
  );
}
