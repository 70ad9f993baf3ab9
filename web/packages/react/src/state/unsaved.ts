import type { QueryClient } from '@tanstack/react-query';

/** The forms on the page that hold something nobody has saved. */
export interface Unsaved {
  hold: (form: string) => void;
  release: (form: string) => void;
  any: () => boolean;
}

function createUnsaved(): Unsaved {
  const forms = new Set<string>();
  return {
    hold: (form) => void forms.add(form),
    release: (form) => void forms.delete(form),
    any: () => forms.size > 0,
  };
}

const ofCaches = new WeakMap<QueryClient, Unsaved>();

/** One for all components that share a cache, whichever of them is on the page. */
export function unsavedOf(queryClient: QueryClient): Unsaved {
  let unsaved = ofCaches.get(queryClient);
  if (!unsaved) {
    unsaved = createUnsaved();
    ofCaches.set(queryClient, unsaved);
  }
  return unsaved;
}
