/**
 * Writes query parameters the way the server reads them: lists with commas, filters as repeated
 * `filter[dimension]=value`, nothing for what is absent.
 */
export function serializeQuery(query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    if (name === 'filter') appendFilters(search, value as Record<string, readonly string[] | undefined>);
    else if (Array.isArray(value)) {
      if (value.length > 0) search.append(name, value.join(','));
    } else search.append(name, String(value));
  }
  return search.toString();
}

function appendFilters(
  search: URLSearchParams,
  filters: Record<string, readonly string[] | undefined>,
): void {
  for (const [dimension, values] of Object.entries(filters)) {
    for (const value of values ?? []) search.append(`filter[${dimension}]`, value);
  }
}
