export interface FirstEvent {
  /** The server's address as the browser sees it. */
  origin: string;
  /** Named only by an admin. */
  tenant?: string | undefined;
  /** The instant the event is dated with. */
  now: Date;
}

/** A command that records one event, ready for a POSIX shell. The key is a variable: the page never holds it. */
export function firstEventCurl({ origin, tenant, now }: FirstEvent): string {
  const query = tenant ? `?tenant=${encodeURIComponent(tenant)}` : '';
  const event = {
    id: `hello-${now.getTime()}`,
    time: `${now.toISOString().slice(0, 19)}Z`,
    project: 'first-project',
    provider: 'openai',
    model: 'gpt-4o',
    usage: { input_tokens: 1200, output_tokens: 300 },
    status: 200,
    latency_ms: 812,
  };
  // Line breaks before some fields, so that the whole command can be read without pushing it sideways.
  const eventText = JSON.stringify(event).replace(/"(project|usage|status)":/g, '\n       "$1":');
  return [
    `curl ${quote(`${origin}/api/v1/events${query}`)} \\`,
    `  -H "Authorization: Bearer $METERWIRE_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quote(eventText)}`,
  ].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
