import { MeterwireError } from '@meterwire/client';

/** What a person can do about an error. */
export interface Advice {
  title: string;
  message: string;
  todo: string;
  canRetry: boolean;
  /** For a support request; empty where there is none. */
  reference: string;
}

export function adviceFor(error: unknown): Advice {
  if (!(error instanceof MeterwireError)) {
    return {
      title: 'Something went wrong in this page',
      message: error instanceof Error ? error.message : 'The reason is not known.',
      todo: 'Reload the page. If it happens again, report it with this message.',
      canRetry: true,
      reference: '',
    };
  }
  return {
    title: error.title,
    message: error.message,
    todo: todoFor(error),
    canRetry: error.retryable,
    reference: [error.code, error.requestId].filter(Boolean).join(' · '),
  };
}

function todoFor(error: MeterwireError): string {
  if (error.code === 'unreachable') {
    return 'Check that the server is running and that you are online. Nothing is lost: what was recorded stays recorded.';
  }
  if (error.code === 'timeout') return 'The server may be busy. Try again, or choose a shorter range.';
  if (error.status === 401) return 'Your session has ended. Sign in again with your API key.';
  if (error.status === 403)
    return 'This key may not read usage. Sign in with an owner, member or viewer key.';
  if (error.status === 404) return 'Check the address, or choose another tenant.';
  if (error.status === 422 || error.status === 400) return 'Change the range or the filters and try again.';
  if (error.status === 429) return 'Wait a moment, then try again.';
  if (error.status >= 500)
    return 'Try again. If it stays, give the reference below to whoever runs the server.';
  return 'Try again. If it stays, report it with the reference below.';
}
