import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { messageOf, SourcelinkError } from '../config/errors.js';
import type { Db } from '../ledger/schema.js';
import { mergeStoriesOf, moveBeside } from '../ledger/story-rulings.js';
import type { DeskOptions, SiteDb } from '../site/open.js';
import { refileArticle, retractArticle } from '../workers/editorial/editing.js';
import type { Pipeline } from '../workers/main.js';

/** Messages taken into the site at the same time. */
const CONCURRENCY = 4;
const DESK_HINT =
  "Correct site.yaml. To open the editor's desk, set SOURCELINK_DESK_PASSWORD or list `editors` in site.yaml.";

/** `mail` says where the newsletter goes; null when it is switched off. */
export type OpenedSite = { url: string; mail: string | null; close(): Promise<void> };

/**
 * Opens the reference site beside a pipeline, in its database, and lets it take the queue `articles`.
 * @throws CONFIG_INVALID when site.yaml is wrong, SITE_ADDRESS when it cannot listen where it should
 */
export async function openSiteBeside(
  pipeline: Pipeline,
  options: {
    /** Folder of site.yaml, which need not exist. */
    configDir: string;
    /** Keeps the secret that pictures and forms are signed with. */
    dataDir: string;
    host: string;
    port: number;
    /** As readers reach it; where it listens when null. */
    publicUrl: string | null;
    /** What all editors share; with null those of site.yaml alone enter the desk. */
    deskPassword: string | null;
    /** Mail server of the newsletter; null writes its messages into the data folder. */
    smtpUrl: string | null;
  },
): Promise<OpenedSite> {
  const [{ folderMailer, openSite, smtpMailer }, { SiteConfigError }] = await Promise.all([
    import('../site/open.js'),
    import('../site/config.js'),
  ]);
  const { ctx } = pipeline;
  const { host, port, publicUrl, smtpUrl } = options;
  const configFile = join(options.configDir, 'site.yaml');
  const mailFolder = join(options.dataDir, 'mail');
  const site = await openSite({
    host,
    port,
    publicUrl,
    configFile,
    db: siteDb(ctx.db),
    name: ctx.settings.site.name,
    menu: ctx.categories,
    log: (line, text) => ctx.log.debug(line, text),
    secret: readOrMakeSecret(options.dataDir),
    allowHosts: ctx.settings.fetch.allowHosts,
    userAgent: ctx.settings.userAgent,
    now: ctx.now,
    desk: deskOf(pipeline, options.deskPassword),
    mailer: smtpUrl === null ? folderMailer(mailFolder) : smtpMailer(smtpUrl),
  }).catch((error) => {
    if (error instanceof SiteConfigError)
      throw new SourcelinkError('CONFIG_INVALID', messageOf(error), { hint: DESK_HINT });
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    throw new SourcelinkError('SITE_ADDRESS', `the site cannot listen on ${host}:${port} (${code})`);
  });
  const taker = ctx.queues.consume(CONCURRENCY, (message) => site.receive(message));
  return {
    url: site.url,
    mail:
      site.newsletter === null
        ? null
        : smtpUrl === null
          ? `written to ${mailFolder} as .eml files, sent to nobody`
          : `sent through ${new URL(smtpUrl).host}`,
    async close() {
      await taker.close();
      await site.close();
    },
  };
}

/** What editors decide is done in the ledger, and goes from there to every sink. */
function deskOf({ ctx }: Pipeline, password: string | null): DeskOptions {
  return {
    password,
    actions: {
      retract: (id, reason) => retractArticle(ctx, id, reason),
      refile: (id, path) => refileArticle(ctx, id, path),
      mergeStories: (id, into) => mergeStoriesOf(ctx.db, id, into),
      moveToStory: (id, beside) => moveBeside(ctx.db, id, beside),
    },
  };
}

/** The ledger's connections as the site uses them: single statements, whose columns keep the names that they have. */
function siteDb(db: Db): SiteDb {
  const plain = db.withoutPlugins();
  return {
    async query<T>(text: string, params: readonly unknown[] = []) {
      const { rows } = await plain.executeQuery<T>(CompiledQuery.raw(text, [...params]));
      return { rows };
    },
  };
}

/** Kept over restarts, so that a form that is open meanwhile can still be sent. */
function readOrMakeSecret(dataDir: string): string {
  const file = join(dataDir, 'site.secret');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
