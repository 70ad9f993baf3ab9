const MOMENT = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** `22 Nov, 10:30` in the reader's own zone. */
export function momentText(at: Date | null): string {
  return at ? MOMENT.format(at) : 'an unknown time';
}
