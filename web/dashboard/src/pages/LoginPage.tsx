import { adviceFor, Icon, MeterwireError, useSignIn } from '@meterwire/react';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { safeNext, tokenFromFragment } from '../loginToken.ts';
import { Mark } from '../shell/Mark.tsx';
import { useTitle } from '../useTitle.ts';

const route = getRouteApi('/login');

/** Takes an API key, or the one of a login link, and exchanges it for the session cookie. */
export function LoginPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const signIn = useSignIn();
  const [key, setKey] = useState('');
  const [visible, setVisible] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const inputId = useId();
  const problemId = useId();

  const enter = (token: string) =>
    signIn.mutate(token, {
      onSuccess: () => router.history.replace(safeNext(next)),
      onError: () => input.current?.focus(),
    });

  useTitle('Sign in');
  useLoginLink(enter);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (signIn.isPending) return;
    const token = key.trim();
    if (token) enter(token);
    else input.current?.focus();
  };

  return (
    <main className="app-login">
      <form className="app-login-card" onSubmit={submit} noValidate>
        <Mark />
        <h1 className="app-login-title">Sign in to Meterwire</h1>
        <label className="app-login-label" htmlFor={inputId}>
          API key
        </label>
        <div className="app-login-field">
          <input
            ref={input}
            id={inputId}
            className="mw-input"
            type={visible ? 'text' : 'password'}
            name="key"
            placeholder="mw_…"
            autoComplete="current-password"
            spellCheck={false}
            required
            value={key}
            aria-invalid={signIn.isError}
            aria-describedby={signIn.isError ? problemId : undefined}
            onChange={(event) => setKey(event.target.value)}
          />
          <button
            type="button"
            className="mw-button"
            aria-pressed={visible}
            aria-label="Show the key"
            onClick={() => setVisible(!visible)}
          >
            {visible ? 'Hide' : 'Show'}
          </button>
        </div>
        {signIn.isError && (
          <p className="mw-problem app-login-problem" id={problemId} role="alert">
            <Icon name="alert" />
            <span>{problemOf(signIn.error)}</span>
          </p>
        )}
        <button type="submit" className="mw-button mw-button-strong" aria-disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </button>
        <p className="app-login-hint">
          The server prints its first key when it starts for the first time, and the demo links that sign in.
          An owner makes more keys with <code>meterwire key create</code>.
        </p>
      </form>
    </main>
  );
}

/** Uses the key of a login link once, and takes it out of the address and the history first. */
function useLoginLink(enter: (token: string) => void): void {
  const latest = useRef(enter);
  latest.current = enter;
  useEffect(() => {
    const follow = () => {
      const token = tokenFromFragment(window.location.hash);
      if (!token) return;
      const { pathname, search } = window.location;
      window.history.replaceState(window.history.state, '', `${pathname}${search}`);
      latest.current(token);
    };
    follow();
    // A link opened in a tab that already shows this page changes only the fragment.
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
}

function problemOf(error: Error): string {
  if (error instanceof MeterwireError && error.status === 401) {
    return 'This key is not valid here. It may be mistyped, expired or revoked.';
  }
  const { message, todo } = adviceFor(error);
  return `${message} ${todo}`;
}
