import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { ago, moment } from '../../text/elapsed.js';

/** What the pages of one visit share. */
export type Viewer = {
  now: Date;
  /** For every form. */
  formToken: string;
  /** Path and query of this page, to come back to. */
  here: string;
  /** What was just done, in words. */
  said: string | null;
};

const PAGES = [
  ['/dashboard', 'Overview'],
  ['/dashboard/sources', 'Sources'],
  ['/dashboard/extraction', 'Extraction'],
  ['/dashboard/dead', 'Dead'],
  ['/dashboard/deliveries', 'Deliveries'],
] as const;

/** A whole page as a document. */
export const documentOf = (page: unknown) => html`<!doctype html>
${page}`;

function Head({ title }: { title: string }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{title}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/dashboard/style.css" />
    </head>
  );
}

/** What stands around every page. */
export function Layout({ title, viewer, children }: { title: string; viewer: Viewer; children?: Child }) {
  const path = viewer.here.split('?')[0];
  return (
    <html lang="en">
      <Head title={`${title} · Sourcelink`} />
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <div class="bar">
            <strong>Sourcelink</strong>
            <nav aria-label="Pages">
              {PAGES.map(([to, name]) => (
                <a href={to} aria-current={to === path ? 'page' : undefined}>
                  {name}
                </a>
              ))}
            </nav>
            <span class="small soft">{moment(viewer.now)}</span>
            <form class="inline" method="post" action="/dashboard/logout">
              <input type="hidden" name="form" value={viewer.formToken} />
              <button type="submit">Log out</button>
            </form>
          </div>
        </header>
        <main id="main">
          <h1>{title}</h1>
          {viewer.said === null ? null : (
            <p class="note" role="status">
              {viewer.said}
            </p>
          )}
          {children}
        </main>
      </body>
    </html>
  );
}

/** The way in, or why there is none. */
export function Door({ problem, closed, to }: { problem: string | null; closed: boolean; to: string }) {
  return (
    <html lang="en">
      <Head title="Sourcelink dashboard" />
      <body>
        <main class="login">
          <h1>Sourcelink dashboard</h1>
          {problem === null ? null : (
            <p class="note bad" role="alert">
              {problem}
            </p>
          )}
          {closed ? null : (
            <form method="post" action="/dashboard/login">
              <input type="hidden" name="to" value={to} />
              <label for="token">Token</label>
              <input id="token" name="token" type="password" autocomplete="current-password" required />
              <button class="main" type="submit">
                Open
              </button>
              <p class="small soft">The value of SOURCELINK_API_TOKEN where this server was started.</p>
            </form>
          )}
        </main>
      </body>
    </html>
  );
}

/** A button that does one action and comes back here. `about` says it whole for who does not see the row. */
export function Do(props: { viewer: Viewer; action: string; subject?: string; name: string; about: string }) {
  const { viewer, action, subject, name, about } = props;
  return (
    <form class="inline" method="post" action="/dashboard/do">
      <input type="hidden" name="form" value={viewer.formToken} />
      <input type="hidden" name="action" value={action} />
      {subject === undefined ? null : <input type="hidden" name="subject" value={subject} />}
      <input type="hidden" name="back" value={viewer.here} />
      <button type="submit" aria-label={about}>
        {name}
      </button>
    </form>
  );
}

export function Ago({ at, now, none = 'never' }: { at: Date | null; now: Date; none?: string }) {
  if (at === null) return <>{none}</>;
  return (
    <time datetime={at.toISOString()} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

/** A column of a table; `n` where it holds numbers. `Do`, of buttons, is shown softly. */
export type Head = string | { n: string };

/** A table that becomes a card for each row on a small screen. */
export function Rows({ heads, children }: { heads: Head[]; children?: Child }) {
  return (
    <div class="wide">
      <table class="cards">
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col" class={typeof head === 'string' ? undefined : 'n'}>
                {typeof head !== 'string' ? head.n : head === 'Do' ? <span class="soft">Do</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A link out to what an outlet has, which may be of any scheme. */
export function Out({ url, text }: { url: string; text: string }) {
  if (!/^https?:\/\//i.test(url)) return <>{text}</>;
  return (
    <a href={url} rel="noreferrer noopener">
      {text}
    </a>
  );
}

/** Words of a message; what stands between back-ticks is code. */
export function Words({ of }: { of: string }) {
  return <>{of.split(/`([^`]+)`/).map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** What can be done about something. */
export function Hint({ of }: { of: string | null | undefined }) {
  if (!of) return null;
  return (
    <span class="soft">
      → <Words of={of} />
    </span>
  );
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
