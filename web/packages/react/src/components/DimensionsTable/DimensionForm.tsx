'use client';

import type { NewDimension } from '@meterwire/client';
import { useSettingsChange } from '../../hooks/useSettings.ts';
import { readUnless } from '../../logic/form.ts';
import { isDimensionName } from '../../logic/settings/words.ts';
import { TextField } from '../Form/Field.tsx';
import { ResourceForm } from '../Form/ResourceForm.tsx';

/** Declares a property of events as something to group and filter by. */
export function DimensionForm({ onDone }: { onDone: () => void }) {
  const create = useSettingsChange((client, dimension: NewDimension, options) =>
    client.dimensions.create(dimension, options),
  );
  return (
    <ResourceForm
      what="dimension"
      saveLabel="Declare it"
      begin={{ name: '', property: '' }}
      read={({ name, property }) =>
        readUnless(
          {
            name: isDimensionName(name.trim())
              ? undefined
              : 'Use a to z, 0 to 9 and _, beginning with a letter, such as feature.',
          },
          () => ({ name: name.trim(), ...(property.trim() ? { property: property.trim() } : {}) }),
        )
      }
      save={create}
      said={({ name, state }) =>
        state === 'filling'
          ? `Declared ${name}. Events from before are being counted, also when you leave.`
          : `Declared ${name}.`
      }
      onDone={onDone}
    >
      {({ draft, text }) => (
        <div className="mw-form-fields">
          <TextField
            {...text('name')}
            label="Name"
            help="As it is asked for: group_by=feature."
            placeholder="feature"
          />
          <TextField
            {...text('property')}
            label="Property"
            help="The key under properties of your events. Left empty it is the name."
            placeholder={draft.name || 'feature'}
          />
        </div>
      )}
    </ResourceForm>
  );
}
