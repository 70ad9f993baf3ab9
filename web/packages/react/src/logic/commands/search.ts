/** Something that can be done from the palette. */
export interface Command {
  id: string;
  /** The heading that it stands under. */
  group: string;
  label: string;
  /** What it leads to, or what it is of, in a few words. */
  note?: string;
  /** Other words that find it. */
  keywords?: string;
  /** Only found, never listed: there may be many of them. */
  hidden?: boolean;
  /** Fits whatever was entered, after everything that was found. */
  always?: boolean;
  run: () => void;
}

export interface CommandGroup {
  label: string;
  commands: readonly Command[];
}

const MOST_A_GROUP = 8;

/**
 * What fits the words, group by group, the best group first. Every word must be found; where it begins a word of the
 * label it counts most.
 */
export function searchCommands(commands: readonly Command[], text: string): CommandGroup[] {
  const words = wordsOf(text);
  if (words.length === 0) return grouped(commands.filter(({ hidden }) => !hidden));
  const scored = commands
    .map((command, at) => ({ command, at, score: command.always ? LAST : scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at);
  return grouped(scored.map(({ command }) => command)).map(({ label, commands: found }) => ({
    label,
    commands: found.slice(0, MOST_A_GROUP),
  }));
}

function grouped(commands: readonly Command[]): CommandGroup[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = groups.get(command.group);
    if (group) group.push(command);
    else groups.set(command.group, [command]);
  }
  return [...groups].map(([label, found]) => ({ label, commands: found }));
}

const BEGINS_LABEL = 4;
const BEGINS_WORD = 3;
const IN_LABEL = 2;
const ELSEWHERE = 1;
const LAST = 0.1;

/** 0 where a word is nowhere. */
function scoreOf({ label, note, keywords, group }: Command, words: readonly string[]): number {
  const shown = label.toLowerCase();
  const parts = wordsOf(label);
  const other = `${note ?? ''} ${keywords ?? ''} ${group}`.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const score = shown.startsWith(word)
      ? BEGINS_LABEL
      : parts.some((part) => part.startsWith(word))
        ? BEGINS_WORD
        : shown.includes(word)
          ? IN_LABEL
          : other.includes(word)
            ? ELSEWHERE
            : 0;
    if (score === 0) return 0;
    sum += score;
  }
  return sum / words.length;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s/_-]+/)
    .filter(Boolean);
}
