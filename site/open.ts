import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { DeskOptions } from './actions.js';
import { createApp } from './app.js';
import { Changes } from './changes.js';
import { chromeOf } from './chrome.js';
import { readSiteConfig, type SiteConfig, SiteConfigError } from './config.js';
import { openDoor } from './desk-door.js';
import { readAssets, readLogo, readPages } from './files.js';
import { openImages } from './images.js';
import { openLive } from './live.js';
import type { Mailer } from './mail/message.js';
import { type Newsletter, openNewsletter } from './newsletter.js';
import { SHORTEST_PASSWORD } from './password.js';
import { signer } from './signature.js';
import type { SiteDb } from './store/database.js';
import { migrateSite } from './store/migrations.js';
import { receiveMessage } from './store/receive.js';

export type { DeskOptions, SiteActions } from './actions.js';
export { folderMailer, smtpMailer } from './mail/mailers.js';
export type { Mail, Mailer } from './mail/message.js';
export type { SiteDb } from './store/database.js';

export type SiteOptions = {
  db: SiteDb;
  host: string;
  /** 0 chooses a free port. */
  port: number;
  /** The address that readers use; null means the address where it listens. */
  publicUrl: string | null;
  name: string;
  menu: { path: string; label: string; parent: string | null }[];
  /** Path of `site.yaml`; null when the operator has none. */
  configFile: string | null;
  log: (line: object, text: string) => void;
  /** Signs picture addresses and forms. Keep it across restarts. */
  secret: string;
  now?: () => Date;
  /** Hosts with private addresses from which pictures may be fetched (name, or name:port); for demos and tests. */
  allowHosts?: readonly string[];
  userAgent?: string;
  /** The editor's desk; without it the desk stays closed. */
  desk?: DeskOptions | null;
  /** Sends the newsletter if `site.yaml` enables it. The site closes the mailer. */
  mailer?: Mailer | null;
};

export type Site = {
  url: string;
  /** Null when it is switched off. */
  newsletter: Newsletter | null;
  /** Receives one message of the contract. A repeat changes nothing. */
  receive(message: unknown): Promise<void>;
  close(): Promise<void>;
};

/** Opens the reference site: tables, pages and server. @throws SiteConfigError, or the system's error when the port is taken */
export async function openSite(options: SiteOptions): Promise<Site> {
  const now = options.now ?? (() => new Date());
  const { db, log } = options;
  const config = readSiteConfig(options.configFile);
  const desk = deskOf(options.desk ?? null, config);
  if (config.newsletter && !options.mailer)
    throw new SiteConfigError('site.yaml enables the newsletter, but this site was opened without a way to send mail.');
  const name = config.name ?? options.name;
  const assets = { ...readAssets(config), logo: readLogo(config, options.configFile) };
  const pages = readPages(config, options.configFile, name);
  await migrateSite(db, now());

  const sign = signer(options.secret);
  const changes = new Changes(db, now);
  const live = openLive(changes);
  const images = openImages({
    signer: sign,
    allowHosts: options.allowHosts ?? [],
    userAgent: options.userAgent ?? 'Sourcelink site',
    now,
    log,
  });
  const where = { url: options.publicUrl?.replace(/\/+$/, '') ?? '' };
  const chrome = chromeOf({ name, config, menu: options.menu, assets, pages, picture: images.address, where });
  const newsletter = openNewsletter({ db, chrome, mailer: options.mailer ?? null, sign, now, log });
  const app = createApp({
    db,
    chrome,
    assets,
    pages,
    changes,
    live,
    images,
    sign,
    newsletter,
    now,
    log,
    desk: desk && {
      actions: desk.actions,
      door: openDoor({ shared: desk.password, editors: config.editors, signer: sign }),
    },
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, options.host, () => done());
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const url = `http://${host}:${port}`;
  if (where.url === '') where.url = url;
  log({ url }, 'site open');

  return {
    url,
    newsletter,
    async receive(message) {
      const received = await receiveMessage(db, message);
      if (received.did !== 'stale') await changes.note(received);
      log(received, 'site received a message');
    },
    async close() {
      live.close();
      await newsletter?.close();
      await images.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        if ('closeIdleConnections' in server) server.closeIdleConnections();
        setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 1000).unref();
      });
    },
  };
}

/** The desk if anyone can log in to it, else null. @throws SiteConfigError */
function deskOf(asked: DeskOptions | null, config: SiteConfig): DeskOptions | null {
  const desk = asked !== null && (asked.password !== null || config.editors.length > 0) ? asked : null;
  if (desk?.password && desk.password.length < SHORTEST_PASSWORD)
    throw new SiteConfigError(
      `The password of the editor's desk is too short. Use at least ${SHORTEST_PASSWORD} characters.`,
    );
  if (desk === null && config.comments)
    throw new SiteConfigError("site.yaml enables comments, but without the editor's desk nobody could approve them.");
  return desk;
}
