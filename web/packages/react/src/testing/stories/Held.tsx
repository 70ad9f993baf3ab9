import { type ReactNode, useState } from 'react';

/** Keeps what a page would keep in its address. */
export function Held<State>(props: {
  first: State;
  children: (state: State, onStateChange: (state: State) => void) => ReactNode;
}) {
  const [state, setState] = useState(props.first);
  return props.children(state, setState);
}
