import { CommandPalette, type Me, type Tenant, useCommandData } from '@meterwire/react';
import { useState } from 'react';
import { type PaletteDoes, useCommands } from './useCommands.ts';

export interface PaletteProps extends PaletteDoes {
  me: Me;
  tenant: Tenant | null;
  onClose: () => void;
}

/** Everything that can be done, a few letters away. Its code is fetched when it is first opened. */
export function Palette({ me, tenant, onClose, ...does }: PaletteProps) {
  const [text, setText] = useState('');
  const data = useCommandData();
  const commands = useCommands({ me, tenant, text, data, ...does });
  return (
    <CommandPalette
      commands={commands}
      loading={data.loading}
      text={text}
      onTextChange={setText}
      onClose={onClose}
    />
  );
}
