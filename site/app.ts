import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { csrf } from 'hono/csrf';
import { etag } from 'hono/etag';
import { createElement } from 'hono/jsx';
import { secureHeaders } from 'hono/secure-headers';
import type { SiteActions } from './actions.js';
import type { Changes } from './changes.js';
import type { Chrome } from './chrome.js';
import type { Door } from './desk-door.js';
import type { Asset, TextPage } from './files.js';
import { FormGuard } from './form-guard.js';
import type { Images } from './images.js';
import type { Live } from './live.js';
import type { Newsletter } from './newsletter.js';
import { pageCache } from './page-cache.js';
import { commentRoutes } from './routes/comments.js';
import { deskRoutes } from './routes/desk.js';
import { formRoutes } from './routes/forms.js';
import { listRoutes } from './routes/lists.js';
import { machineRoutes } from './routes/machines.js';
import { newsletterRoutes } from './routes/newsletter.js';
import { openPress } from './routes/press.js';
import { readingRoutes } from './routes/reading.js';
import type { Signer } from './signature.js';
import type { SiteDb } from './store/database.js';
import { openSearch } from './store/search.js';
import { themeOf } from './theme.js';
import { FailedPage } from './view/plain.js';

type AppOptions = {
  db: SiteDb;
  chrome: Chrome;
  assets: { css: Asset; js: Asset; logo: Asset | null };
  pages: Map<string, TextPage>;
  changes: Changes;
  live: Live;
  images: Images;
  sign: Signer;
  newsletter: Newsletter | null;
  desk: { actions: SiteActions; door: Door } | null;
  now: () => Date;
  log: (line: object, text: string) => void;
};

/** The site as a function from request to response. */
export function createApp(o: AppOptions): Hono {
  const { chrome } = o;
  const press = openPress(o.db, chrome, openSearch(o.db), o.changes);
  const app = new Hono();

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'strict-origin-when-cross-origin',
      strictTransportSecurity: chrome.publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
      permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
      xXssProtection: '0',
    }),
  );
  const fromHere = csrf({
    origin: (origin, c) => origin === new URL(c.req.url).origin || origin === new URL(chrome.publicUrl).origin,
  });
  // Mail providers unsubscribe readers from their own servers (RFC 8058); the link itself is signed.
  app.use((c, next) => (c.req.path === '/newsletter/leave' ? next() : fromHere(c, next)));
  app.get('/live', (c) => o.live.stream(c));
  app.route('/', o.images.routes);
  // The cache holds compressed pages, and ETags are computed from what is sent.
  app.use(etag());
  app.use(pageCache(o.changes, themeOf));
  app.use(compress());
  // PostgreSQL cannot store NUL in text, so no page has such an address.
  app.use(async (c, next) => (new URL(c.req.url).pathname.includes('%00') ? press.notFound(c) : next()));
  machineRoutes(app, press, [o.assets.css, o.assets.js, ...(o.assets.logo ? [o.assets.logo] : [])], o.now);
  readingRoutes(app, press);
  listRoutes(app, press);
  const guard = new FormGuard({ signer: o.sign, now: o.now, proxies: chrome.config.proxies });
  formRoutes(app, press, { pages: o.pages, guard, now: o.now, log: o.log });
  commentRoutes(app, press, { guard, now: o.now, log: o.log });
  if (o.newsletter) newsletterRoutes(app, press, { newsletter: o.newsletter, guard, now: o.now, log: o.log });
  if (o.desk) deskRoutes(app, press, { ...o.desk, guard, changes: o.changes, now: o.now, log: o.log });
  app.notFound((c) => press.notFound(c));
  app.onError((error, c) => {
    if ('getResponse' in error && typeof error.getResponse === 'function') return error.getResponse() as Response;
    o.log({ path: c.req.path, error: error.stack ?? String(error) }, 'page failed');
    return press.page(c, { title: 'Error', noindex: true }, createElement(FailedPage, {}), {
      status: 500,
      private: true,
    });
  });
  return app;
}
