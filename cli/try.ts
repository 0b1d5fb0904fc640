import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type Env, readEnv } from '../config/env.js';
import { codeOf, SourcelinkError } from '../config/errors.js';
import { type Config, loadConfig } from '../config/load.js';
import type { Source } from '../config/sources.js';
import type { FetchedPage } from '../crawlers/fetch/page.js';
import type { Article } from '../extractors/article.js';
import type { Profile } from '../extractors/profile/profile.js';
import type { Trace } from '../extractors/trace.js';
import type { Way } from '../ledger/schema.js';
import { NO_HINTS, sourceOfUrl } from '../workers/crawl/source-of-url.js';
import { chosenSources, openNetwork } from './open.js';
import type { Act, ExitCode, Terminal } from './terminal.js';
import { showTrial } from './trial.js';
import { effectOf, profileForTrial } from './try-profile.js';
import { emptyTrace, showSteps, traceData } from './try-steps.js';

type Options = { source?: string; url?: string; text?: boolean; html?: boolean; steps?: boolean };

/** `sourcelink try`: what would be published of one page, and why. */
export function tryCommand(program: Command, act: Act): void {
  program
    .command('try')
    .description('Show what would be published from one page, and why. Nothing is stored.')
    .argument('<page>', 'a URL, or a saved HTML file (needs no network)')
    .option('-s, --source <id>', 'apply the rules of this source (default: the source that the URL belongs to)')
    .option('--url <url>', 'URL of a saved file (default: its canonical link)')
    .option('--text', 'show the whole text and everything removed from it, not only beginning and end')
    .option('--html', 'also show the HTML as it would be published')
    .option('--steps', 'also show what each step of extraction removed or recovered, its time, and text that was lost')
    .option('--json', 'print the message as it would be published, and `why`, as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  sourcelink try https://www.nasa.gov/news-release/some-release/
  sourcelink try page.html --source nasa --json`,
    )
    .action(act((terminal, page: string, options: Options) => tryPage(terminal, page, options)));
}

async function tryPage(terminal: Terminal, page: string, options: Options): Promise<ExitCode> {
  const env = readEnv(terminal.env);
  const config = await configOf(terminal, env, options.source);
  const isUrl = /^https?:\/\//i.test(page);
  const saved = isUrl ? null : await readSaved(page);
  const url = isUrl ? page : (options.url ?? saved?.canonical ?? null);
  if (url === null)
    throw new SourcelinkError('USAGE', `${page} does not state its own URL.`, {
      hint: 'Add --url with the address of the article.',
    });
  if (!URL.canParse(url))
    throw new SourcelinkError('USAGE', `--url ${url} is not a URL.`, {
      hint: 'Write it in full: https://example.org/a',
    });
  const source = options.source ? chosenSources(config.sources, [options.source])[0] : sourceOfUrl(config.sources, url);
  if (!source) return 1;
  const profile = await profileForTrial(terminal, env, config, source.id);
  const trace = options.steps ? emptyTrace() : null;
  const reader: Reader = { config, source, profile: profile.used, trace };
  const reading = saved
    ? extractSaved(reader, { ...saved.page, url })
    : terminal.while(`Reading ${page} …`, () =>
        fetchAndExtract(terminal, env, reader, page, profile.rendering?.way ?? 'each page'),
      );
  const { read, fetched } = await reading.catch((error) => {
    // Of a page that gives no article, the steps are what is wanted.
    if (trace && trace.steps.length > 0) {
      terminal.result(traceData(trace));
      showSteps(terminal, trace);
    }
    throw error;
  });
  await showTrial(terminal, {
    config,
    source,
    page: fetched,
    article: read,
    profile: effectOf(profile, read),
    rendering: profile.rendering,
    text: options.text ?? false,
    html: options.html ?? false,
    trace,
  });
  return 0;
}

/** Without any configuration a page is read by the defaults; a wrong one is refused as everywhere. */
async function configOf(terminal: Terminal, env: Env, source: string | undefined): Promise<Config> {
  try {
    return loadConfig(env, terminal.env);
  } catch (error) {
    if (codeOf(error) !== 'CONFIG_MISSING' || source !== undefined) throw error;
    const { Settings } = await import('../config/settings.js');
    const { shippedFolder } = await import('../config/shipped.js');
    const shipped = loadConfig({ configDir: shippedFolder() }, {});
    return { ...shipped, sources: [], settings: Settings.parse({}) };
  }
}

async function readSaved(file: string): Promise<{ page: Omit<FetchedPage, 'url'>; canonical: string | null }> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new SourcelinkError('USAGE', `Cannot read ${file}`, { cause, hint: 'Name a URL or a saved HTML file.' });
  }
  // Only the head's own words are wanted, so that a big page costs nothing here.
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 256 * 1024));
  const tags = [...head.matchAll(/<(?:link|meta)\b[^>]{0,2000}>/gi)].map((m) => m[0]);
  const tag =
    tags.find((t) => /\brel\s*=\s*["']?canonical\b/i.test(t)) ?? tags.find((t) => /["']?og:url\b/i.test(t)) ?? '';
  const named = /\b(?:href|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag)?.slice(1).find(Boolean);
  const canonical = named && /^https?:\/\//i.test(named) && URL.canParse(named) ? named.replaceAll('&amp;', '&') : null;
  return { page: { via: 'http', headers: { 'content-type': 'text/html' }, bytes }, canonical };
}

/** By what a page is read. */
type Reader = { config: Config; source: Source; profile: Profile | null; trace: Trace | null };

type Read = { read: Article; fetched: FetchedPage };

async function extractSaved(reader: Reader, page: FetchedPage): Promise<Read> {
  return { read: await extractIn(reader, page), fetched: page };
}

async function fetchAndExtract(terminal: Terminal, env: Env, reader: Reader, url: string, way: Way): Promise<Read> {
  const { config, source } = reader;
  const [{ fetcherFor }, { renderedIfEmpty }, { mayShowMore }, { withReservation }] = await Promise.all([
    import('../workers/crawl/discover-source.js'),
    import('../workers/crawl/rendered-page.js'),
    import('../workers/crawl/rendering.js'),
    import('../workers/crawl/reserved-page.js'),
  ]);
  const network = await openNetwork(terminal, env, config.settings);
  try {
    const { signal } = terminal;
    const atOnce = source.render === 'always' || (source.render === 'auto' && way === 'browser');
    if (atOnce && network.browser) {
      const page = await withReservation(network, source, await network.browser.render(source, url, signal));
      return { read: await extractIn(reader, page), fetched: page };
    }
    const answer = await fetcherFor(network, source).fetch({ url, accept: 'page', signal });
    const came: FetchedPage = { ...answer, via: 'http' };
    const there = await renderedIfEmpty({ ...network, signal }, source, came);
    const page = await withReservation(network, source, there);
    try {
      return { read: await extractIn(reader, page), fetched: page };
    } catch (error) {
      // As a worker does: where the static page holds no article, the browser looks once.
      const again = mayShowMore(error) && source.render === 'auto' && page.via === 'http';
      if (!again || !network.browser) throw error;
      const shown = await network.browser.render(source, url, signal, came);
      const rendered = { ...shown, reservation: page.reservation ?? null };
      return { read: await extractIn(reader, rendered), fetched: rendered };
    }
  } finally {
    await network.close();
  }
}

/** In a thread with a deadline, as a worker does it; with a trace in this process, where the trace is. */
async function extractIn({ config, source, profile, trace }: Reader, page: FetchedPage): Promise<Article> {
  const { inputOf } = await import('../workers/page-input.js');
  const { settings } = config;
  const input = inputOf(settings, source, { ...page, fetchedAt: new Date() }, NO_HINTS, profile);
  if (trace) {
    // A page that the browser was asked for after all is read anew.
    Object.assign(trace, { steps: [], lost: [] });
    const { extract } = await import('../extractors/extract.js');
    return extract(input, trace);
  }
  const { createExtractorPool } = await import('../extractors/pool/pool.js');
  const { deadline, heapMb } = settings.extract;
  const pool = createExtractorPool({ threads: 1, deadlineMs: deadline, heapMb });
  try {
    return await pool.extract(input);
  } finally {
    await pool.close();
  }
}
