const LONGEST_MESSAGE = 1024 * 1024;

/** Reads server-sent events to their end and passes the data of each on. Comments keep the connection open and say nothing. */
export async function readMessages(response: Response, onData: (data: string) => void): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const messages = rest.split(/\r?\n\r?\n/);
      rest = messages.pop() ?? '';
      if (rest.length > LONGEST_MESSAGE) throw new Error('a message has no end');
      for (const message of messages) {
        const data = dataOf(message);
        if (data !== undefined) onData(data);
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function dataOf(message: string): string | undefined {
  const lines = message
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length).replace(/^ /, '')] : []));
  return lines.length > 0 ? lines.join('\n') : undefined;
}
