import { type Context, Hono } from 'hono';
import { SourcelinkError } from '../../config/errors.js';
import { listAlerts } from '../../ledger/alerts.js';
import { listDead } from '../../ledger/dead.js';
import { readGauges } from '../../ledger/read/gauges.js';
import { readHours } from '../../ledger/read/plots.js';
import { tallyReasons } from '../../ledger/read/views.js';
import { countJobs } from '../../workers/monitoring/ledger-gauges.js';
import { sinkLines } from '../../workers/monitoring/sink-report.js';
import { sourceLines } from '../../workers/monitoring/source-report.js';
import type { ApiContext } from '../api/endpoint.js';
import { answerError, KINDS } from '../http/problem.js';
import { ClientRate, clientOf } from '../http/rate.js';
import { press } from './actions.js';
import { DeliveriesPage } from './deliveries.js';
import { OverviewPage } from './overview.js';
import { DashboardPage, documentOf, LoginPage, type Viewer } from './page.js';
import { Session } from './session.js';
import { SourcesPage } from './sources.js';
import { STYLE } from './style.js';
import { DeadPage, ExtractionPage } from './trouble.js';

const HOURS = 48;
const MAX_DEAD = 100;
const DAY_MS = 86_400_000;
/** How often one client may try a token. */
const TRIES = { perMinute: 10, burst: 10 };

/** The operator's pages below `/dashboard`. They ask for the token; without one (null) they stay closed. */
export function dashboardRoutes(ctx: ApiContext, options: { token: string | null; url: string | null }): Hono {
  const app = new Hono();
  const style = (c: Context) =>
    c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=300' });
  app.get('/dashboard/style.css', style);
  const { token } = options;
  if (token === null) {
    const closed =
      'The dashboard is closed. Set SOURCELINK_API_TOKEN in the environment of this server and restart it.';
    app.all('/dashboard/*', (c) => c.html(documentOf(<LoginPage problem={closed} closed to="" />), 403));
    return app;
  }
  const session = new Session({ token, secure: options.url?.startsWith('https:') ?? false, now: ctx.now });
  const tries = new ClientRate(TRIES);
  app.use('/dashboard/*', async (c, next) => {
    c.header('cache-control', 'no-store');
    const site = c.req.header('sec-fetch-site');
    if (c.req.method === 'POST' && site !== undefined && site !== 'same-origin' && site !== 'none')
      return c.html(documentOf(<LoginPage problem="Another site sent this form." closed to="" />), 403);
    return next();
  });

  app.get('/dashboard/login', (c) =>
    c.html(documentOf(<LoginPage problem={null} closed={false} to={safeBack(c.req.query('to') ?? '')} />)),
  );
  app.post('/dashboard/login', async (c) => {
    const form = await fields(c);
    const to = safeBack(form('to'));
    if (tries.take(clientOf(c, ctx.settings.http.proxies), ctx.now().getTime()) > 0)
      return c.html(
        documentOf(<LoginPage problem="Too many attempts. Wait a minute and try again." closed={false} to={to} />),
        429,
      );
    if (session.begin(c, form('token'))) return c.redirect(to, 303);
    return c.html(documentOf(<LoginPage problem="This token is wrong." closed={false} to={to} />), 403);
  });
  app.use('/dashboard/*', async (c, next) => {
    if (session.holds(c)) return next();
    const to = c.req.method === 'GET' ? safeBack(pathOf(c)) : '/dashboard';
    return c.redirect(`/dashboard/login?to=${encodeURIComponent(to)}`, 303);
  });
  app.post('/dashboard/logout', async (c) => {
    if (session.isForm(c, (await fields(c))('form'))) session.end(c);
    return c.redirect('/dashboard', 303);
  });
  app.post('/dashboard/do', async (c) => {
    const form = await fields(c);
    const back = safeBack(form('back'));
    if (!session.isForm(c, form('form'))) return refused(ctx, c, session, back, stale());
    try {
      const said = await press(ctx, c, form('action'), form('subject'));
      const to = new URL(back, 'http://here.invalid');
      to.searchParams.set('said', said);
      return c.redirect(`${to.pathname}${to.search}`, 303);
    } catch (error) {
      return refused(ctx, c, session, back, error);
    }
  });

  const viewer = (c: Context): Viewer => viewerOf(ctx, c, session);
  app.get('/dashboard', async (c) => {
    const now = ctx.now();
    const on = [...ctx.sources.values()].flatMap((s) => (s.enabled ? s.id : []));
    const of = {
      gauges: await readGauges(ctx.db, on, now),
      hours: await readHours(ctx.db, now, HOURS),
      queues: await countJobs(ctx.queues),
      sinks: await sinkLines(ctx),
      alerts: await listAlerts(ctx.db, 8),
    };
    return c.html(documentOf(<OverviewPage viewer={viewer(c)} of={of} />));
  });
  app.get('/dashboard/sources', async (c) => {
    const only = c.req.query('state') ?? null;
    return c.html(documentOf(<SourcesPage viewer={viewer(c)} lines={await sourceLines(ctx)} only={only} />));
  });
  app.get('/dashboard/extraction', async (c) => {
    const since = new Date(ctx.now().getTime() - DAY_MS);
    const tally = await tallyReasons(ctx.db, since, ['rejected', 'dead']);
    return c.html(
      documentOf(<ExtractionPage viewer={viewer(c)} tally={tally.slice(0, 200)} lines={await sourceLines(ctx)} />),
    );
  });
  app.get('/dashboard/dead', async (c) => {
    const source = c.req.query('source') ?? null;
    const dead = await listDead(ctx.db, { ...(source === null ? {} : { sources: [source] }), limit: MAX_DEAD });
    return c.html(documentOf(<DeadPage viewer={viewer(c)} dead={dead} source={source} most={MAX_DEAD} />));
  });
  app.get('/dashboard/deliveries', async (c) =>
    c.html(documentOf(<DeliveriesPage viewer={viewer(c)} sinks={await sinkLines(ctx)} />)),
  );
  return app;
}

function viewerOf(ctx: ApiContext, c: Context, session: Session): Viewer {
  const here = new URL(c.req.url);
  const said = here.searchParams.get('said');
  here.searchParams.delete('said');
  return { now: ctx.now(), formToken: session.formToken(c), here: `${here.pathname}${here.search}`, said };
}

/** The page that says why an action failed, with a link back. */
function refused(
  ctx: ApiContext,
  c: Context,
  session: Session,
  back: string,
  error: unknown,
): Response | Promise<Response> {
  const known = error instanceof SourcelinkError && error.code in KINDS ? error : null;
  if (known === null) return answerError(c, error, ctx.log);
  const [status] = KINDS[known.code as keyof typeof KINDS];
  const page = (
    <DashboardPage title="Action failed" viewer={{ ...viewerOf(ctx, c, session), said: null }}>
      <p class="note bad" role="alert">
        {known.message} {known.hint}
      </p>
      <p>
        <a href={back}>Go back</a>
      </p>
    </DashboardPage>
  );
  return c.html(documentOf(page), status);
}

const stale = (): SourcelinkError =>
  new SourcelinkError('HTTP_BAD_REQUEST', 'This form belongs to another session.', {
    hint: 'Go back, reload the page and try again.',
  });

async function fields(c: Context): Promise<(name: string) => string> {
  const form = await c.req.parseBody();
  return (name) => (typeof form[name] === 'string' ? form[name] : '');
}

const pathOf = (c: Context): string => {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname}${search}`;
};

/** `to` if it is a page of the dashboard, else the overview. */
const safeBack = (to: string): string => (/^\/dashboard(?:[/?][^\\\s]*)?$/.test(to) ? to : '/dashboard');
