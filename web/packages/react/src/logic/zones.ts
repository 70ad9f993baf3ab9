/** Some browsers list cities by names that the zone database gave up long ago. */
const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
};

/** All zones that this browser knows, UTC first. */
export function knownZones(): string[] {
  const zones = Intl.supportedValuesOf('timeZone').map((zone) => RENAMED[zone] ?? zone);
  return [...new Set(['UTC', ...zones])];
}

export function isZone(value: unknown): value is string {
  if (typeof value !== 'string' || value === '') return false;
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** `Europe/Berlin` -> `Europe / Berlin`, with spaces for underscores. */
export function zoneLabel(zone: string): string {
  return zone.replaceAll('_', ' ').replaceAll('/', ' / ');
}

/** Zones whose name holds every word of the query, those that begin with it first. */
export function searchZones(zones: readonly string[], query: string): string[] {
  const words = query
    .toLowerCase()
    .replaceAll('_', ' ')
    .split(/[\s/]+/)
    .filter(Boolean);
  if (words.length === 0) return [...zones];
  const found = zones.filter((zone) => words.every((word) => searchable(zone).includes(word)));
  const begins = (zone: string) =>
    searchable(zone)
      .split(/[\s/]+/)
      .some((part) => part.startsWith(words[0] ?? ''));
  return [...found.filter(begins), ...found.filter((zone) => !begins(zone))];
}

function searchable(zone: string): string {
  return zone.toLowerCase().replaceAll('_', ' ');
}
