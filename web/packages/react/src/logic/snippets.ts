import { type FirstEvent, firstEventCurl } from './curl.ts';

export const LANGUAGES = ['curl', 'python', 'javascript'] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_LABEL: Record<Language, string> = {
  curl: 'curl',
  python: 'Python',
  javascript: 'JavaScript',
};

export interface Snippet extends FirstEvent {
  /** Written into it; without one it reads the variable METERWIRE_KEY. */
  token?: string | undefined;
}

/** A first event in a language, ready to be run as it is, with nothing to be installed. */
export function firstEvent(language: Language, snippet: Snippet): string {
  switch (language) {
    case 'curl': {
      const command = firstEventCurl(snippet);
      return snippet.token ? command.replace('$METERWIRE_KEY', snippet.token) : command;
    }
    case 'python':
      return python(snippet);
    case 'javascript':
      return javascript(snippet);
  }
}

function addressOf({ origin, tenant }: Snippet): string {
  return `${origin}/api/v1/events${tenant ? `?tenant=${encodeURIComponent(tenant)}` : ''}`;
}

function python(snippet: Snippet): string {
  const key = snippet.token ? JSON.stringify(snippet.token) : 'os.environ["METERWIRE_KEY"]';
  return [
    `import json${snippet.token ? '' : ', os'}, urllib.request, uuid`,
    '',
    'event = {',
    '    "id": str(uuid.uuid4()),',
    '    "project": "first-project",',
    '    "provider": "openai",',
    '    "model": "gpt-4o",',
    '    "usage": {"input_tokens": 1200, "output_tokens": 300},',
    '    "status": 200,',
    '    "latency_ms": 812,',
    '}',
    'request = urllib.request.Request(',
    `    ${JSON.stringify(addressOf(snippet))},`,
    '    data=json.dumps(event).encode(),',
    `    headers={"Authorization": "Bearer " + ${key}, "Content-Type": "application/json"},`,
    ')',
    'print(urllib.request.urlopen(request).read().decode())',
  ].join('\n');
}

function javascript(snippet: Snippet): string {
  const key = snippet.token ? snippet.token : '${process.env.METERWIRE_KEY}';
  return [
    `const answer = await fetch(${JSON.stringify(addressOf(snippet))}, {`,
    "  method: 'POST',",
    `  headers: { Authorization: \`Bearer ${key}\`, 'Content-Type': 'application/json' },`,
    '  body: JSON.stringify({',
    '    id: crypto.randomUUID(),',
    "    project: 'first-project',",
    "    provider: 'openai',",
    "    model: 'gpt-4o',",
    '    usage: { input_tokens: 1200, output_tokens: 300 },',
    '    status: 200,',
    '    latency_ms: 812,',
    '  }),',
    '});',
    'console.log(await answer.json());',
  ].join('\n');
}
