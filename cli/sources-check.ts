import pLimit from 'p-limit';
import { codeOf, messageOf, SourcelinkError } from '../config/errors.js';
import type { Source } from '../config/sources.js';
import type { Discovered } from '../crawlers/discover/discover.js';
import { chosenSources, openNetwork, readSetup } from './open.js';
import type { ExitCode, Terminal } from './terminal.js';
import { count, mendOf } from './wording.js';

/** Sources that are looked at side by side; each host keeps its own pace. */
const SIDE_BY_SIDE = 6;

type Looked = { source: Source; seen: Discovered | null; error: unknown };

/** What is found at each source: a visit that stores nothing. @returns 1 when one of them yields no article */
export async function check(terminal: Terminal, ids: string[]): Promise<ExitCode> {
  const { env, config } = readSetup(terminal);
  const chosen = chosenSources(config.sources, ids);
  const [{ discover }, { fetcherFor }] = await Promise.all([
    import('../crawlers/discover/discover.js'),
    import('../workers/crawl.js'),
  ]);
  const network = await openNetwork(terminal, env, config.settings);
  const meter = terminal.meter('Check');
  let done = 0;
  const look = async (source: Source): Promise<Looked> => {
    try {
      const limit = AbortSignal.any([terminal.signal, AbortSignal.timeout(config.settings.fetch.runTimeout)]);
      const deps = { fetcher: fetcherFor(network, source), now: () => Date.now(), signal: limit };
      return { source, seen: await discover(source, [], deps), error: null };
    } catch (error) {
      return { source, seen: null, error };
    } finally {
      const text = `${++done} of ${count(chosen.length, 'source')} seen, last ${source.id}`;
      meter.update({ done, all: chosen.length, text, data: { done, all: chosen.length, source: source.id } });
    }
  };
  try {
    const limit = pLimit(SIDE_BY_SIDE);
    const looked = await Promise.all(chosen.map((source) => limit(() => look(source))));
    meter.end();
    showLooks(terminal, looked);
    return looked.every((l) => (l.seen?.found.length ?? 0) > 0) ? 0 : 1;
  } finally {
    meter.end();
    await network.close();
  }
}

function showLooks(terminal: Terminal, looked: Looked[]): void {
  terminal.result({
    sources: looked.map(({ source, seen, error }) => ({
      id: source.id,
      articles: seen?.found.length ?? 0,
      how: seen?.how ?? null,
      requests: seen?.requests ?? 0,
      endpoints: seen?.endpoints.map((e) => ({ url: e.url, kind: e.kind, origin: e.origin, error: e.error })) ?? [],
      problems: problemsOf(seen, error),
      newest: newestOf(seen),
    })),
  });
  for (const { source, seen, error } of looked) {
    const found = seen?.found.length ?? 0;
    const mark = found > 0 ? terminal.style('green', '✓') : terminal.style('red', '✗');
    terminal.print(`${mark} ${terminal.style('bold', source.id)}  ${count(found, 'article')}`);
    if (seen) terminal.hanging('    ', `${found > 0 ? 'by ' : ''}${seen.how}`);
    for (const e of seen?.endpoints.filter((e) => e.error === null) ?? [])
      terminal.print(`    ${e.kind.padEnd(8)}${e.url}${e.origin === 'found' ? terminal.style('dim', ' (found)') : ''}`);
    const newest = newestOf(seen);
    if (newest) terminal.hanging('    newest  ', newest.title ?? newest.url);
    for (const p of problemsOf(seen, error)) terminal.item(`${terminal.style('yellow', p.code)} ${p.message}`, p.mend);
    if (found === 0 && problemsOf(seen, error).length === 0)
      terminal.item('The outlet answers, but lists no articles.', mendOf('DISCOVER_NOTHING'));
  }
}

function newestOf(seen: Discovered | null): { url: string; title: string | null; publishedAt: string | null } | null {
  const sorted = [...(seen?.found ?? [])].sort((a, b) => ((a.publishedAt ?? '') < (b.publishedAt ?? '') ? 1 : -1));
  const first = sorted[0];
  return first ? { url: first.url, title: first.title, publishedAt: first.publishedAt } : null;
}

function problemsOf(seen: Discovered | null, error: unknown): { code: string; message: string; mend: string | null }[] {
  const all = [...(seen?.problems.map((p) => p.error) ?? []), ...(error === null ? [] : [error])];
  return all.map((e) => {
    const mend = e instanceof SourcelinkError ? (e.mend ?? null) : null;
    return { code: codeOf(e), message: messageOf(e), mend };
  });
}
