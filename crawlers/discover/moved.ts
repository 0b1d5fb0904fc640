import { SourcelinkError } from '../../config/errors.js';
import type { Source } from '../../config/sources.js';
import { autodetect, type Tried } from './autodetect.js';
import type { Endpoint } from './endpoint.js';
import { isRefreshDue, type Visit, type VisitDeps } from './visit.js';

type Replaced = { problems: Visit['problems']; tried: Tried[]; requests: number };

/**
 * What to write in place of configured endpoints that have moved for good or are gone. A search for what is gone is made
 * at its first failure and then once a day. Nothing is changed and nothing is read from there: another feed of an outlet
 * may be about something else, so a person decides. Notes the new place in the visits' endpoints.
 * @param before the endpoints as they were before these visits
 */
export async function proposeReplacements(
  source: Source,
  visits: Visit[],
  before: Endpoint[],
  deps: VisitDeps,
): Promise<Replaced> {
  const result: Replaced = { problems: [], tried: [], requests: 0 };
  const lost = visits.filter((v) => v.gone && v.endpoint.origin === 'configured');
  const isDue = lost.some(({ endpoint }) => {
    const had = before.find((b) => b.url === endpoint.url && b.kind === endpoint.kind);
    return had === undefined || had.failures === 0 || isRefreshDue(had, deps.now());
  });
  if (isDue) {
    const { visits: found, tried, requests } = await autodetect(source, deps);
    Object.assign(result, { tried, requests });
    const known = new Set(visits.map((v) => v.endpoint.url));
    const fresh = found.filter((f) => !known.has(f.endpoint.url) && (f.found.length > 0 || f.children.length > 0));
    for (const { endpoint } of lost) endpoint.movedTo = substituteFor(endpoint, fresh);
  }
  for (const { endpoint, gone, problems } of visits) {
    if (endpoint.movedTo === null) continue;
    const what = `${source.id}: ${endpoint.kind} ${endpoint.url}`;
    const message = gone
      ? `${what} is gone; ${endpoint.movedTo} was found in its place`
      : `${what} has moved for good to ${endpoint.movedTo}`;
    const error = new SourcelinkError('DISCOVER_MOVED', message, { cause: problems[0]?.error });
    result.problems.push({ url: endpoint.url, error });
  }
  return result;
}

/** The first of its own kind, since each kind has its own list in the file. */
function substituteFor(lost: Endpoint, found: Visit[]): string | null {
  const kinds: Endpoint['kind'][] = lost.kind === 'listing' ? ['listing', 'home'] : [lost.kind];
  return found.find((f) => kinds.includes(f.endpoint.kind))?.endpoint.url ?? null;
}
