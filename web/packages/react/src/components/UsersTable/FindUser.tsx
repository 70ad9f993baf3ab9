'use client';

import { type FormEvent, useEffect, useId, useState } from 'react';

export interface FindUserProps {
  /** Who is shown now. */
  user: string | undefined;
  onFind: (user: string) => void;
}

/** Looks a user up by id, whether it stands in the list or not. */
export function FindUser({ user, onFind }: FindUserProps) {
  const [text, setText] = useState(user ?? '');
  const id = useId();
  useEffect(() => setText(user ?? ''), [user]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    if (wanted) onFind(wanted);
  };
  return (
    <form className="mw-find" role="search" onSubmit={submit}>
      <label className="mw-hidden" htmlFor={id}>
        User id
      </label>
      <input
        id={id}
        className="mw-input"
        type="text"
        placeholder="User id, such as u-42"
        autoComplete="off"
        spellCheck={false}
        maxLength={256}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="mw-button">
        Look up
      </button>
    </form>
  );
}
