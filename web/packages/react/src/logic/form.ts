/** What is wrong with what was entered, by the name of the field. */
export type Problems = { [field: string]: string | undefined };

/** What a form holds as it would be sent, or what is wrong where. */
export type Read<Value> = { value: Value } | { problems: Problems };

export function firstProblem(problems: Problems): string | undefined {
  return Object.keys(problems).find((field) => problems[field]);
}

/** The value, unless something is wrong. */
export function readUnless<Value>(problems: Problems, value: () => Value): Read<Value> {
  return firstProblem(problems) === undefined ? { value: value() } : { problems };
}

/** Whether nothing was entered since. Drafts are plain data. */
export function sameDraft(before: object, now: object): boolean {
  return before === now || JSON.stringify(before) === JSON.stringify(now);
}

/**
 * The fields of a form that a server may mean, the most exact first: `to.3` is the fourth of what stands in `to`. `names`
 * tells how the form calls what the server calls otherwise.
 */
export function fieldsMeant(field: string, names: Record<string, string>): string[] {
  const parts = field.split('.');
  return parts.map((_, at) => {
    const name = parts.slice(0, parts.length - at).join('.');
    return names[name] ?? name;
  });
}
