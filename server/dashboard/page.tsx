import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { ago, moment } from '../../text/elapsed.js';

/** Who looks at a page, and from where. */
export type Viewer = {
  now: Date;
  /** Each form sends it back; it proves that the form came from this session. */
  formToken: string;
  /** Path and query of this page. Buttons return to it. */
  here: string;
  /** Confirms the action that led here. */
  said: string | null;
};

const PAGES = [
  ['/dashboard', 'Overview'],
  ['/dashboard/sources', 'Sources'],
  ['/dashboard/extraction', 'Extraction'],
  ['/dashboard/dead', 'Dead pages'],
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

/** The frame of every page: header, menu, heading and confirmation. */
export function DashboardPage({ title, viewer, children }: { title: string; viewer: Viewer; children?: Child }) {
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

/** The form that asks for the token, or the reason why nobody can log in. */
export function LoginPage({ problem, closed, to }: { problem: string | null; closed: boolean; to: string }) {
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
                Log in
              </button>
              <p class="small soft">The value of SOURCELINK_API_TOKEN on this server.</p>
            </form>
          )}
        </main>
      </body>
    </html>
  );
}

/** A button that performs one action and returns to this page. `about` is its full label for screen readers. */
export function ActionButton(props: { viewer: Viewer; action: string; subject?: string; name: string; about: string }) {
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

export function TimeAgo({ at, now, none = 'never' }: { at: Date | null; now: Date; none?: string }) {
  if (at === null) return <>{none}</>;
  return (
    <time datetime={at.toISOString()} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

/** The heading of a column: `n` above numbers, `unseen` (for screen readers only) above buttons. */
export type Column = string | { n: string } | { unseen: string };

/** A table. On a small screen each row becomes a card. */
export function DataTable({ columns, children }: { columns: Column[]; children?: Child }) {
  return (
    <div class="wide">
      <table class="cards">
        <thead>
          <tr>
            {columns.map((column) => (
              <ColumnHead column={column} />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function ColumnHead({ column }: { column: Column }) {
  if (typeof column === 'string') return <th scope="col">{column}</th>;
  if ('n' in column)
    return (
      <th scope="col" class="n">
        {column.n}
      </th>
    );
  return (
    <th scope="col">
      <span class="unseen">{column.unseen}</span>
    </th>
  );
}

/** A link to an outlet's page. An address that is not http(s) is shown as plain text. */
export function ExternalLink({ url, text }: { url: string; text: string }) {
  if (!/^https?:\/\//i.test(url)) return <>{text}</>;
  return (
    <a href={url} rel="noreferrer noopener">
      {text}
    </a>
  );
}

/** A message; text between back-ticks is code. */
export function Message({ text }: { text: string }) {
  return <>{text.split(/`([^`]+)`/).map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** What a person can do about a problem. */
export function Hint({ text }: { text: string | null | undefined }) {
  if (!text) return null;
  return (
    <span class="soft">
      → <Message text={text} />
    </span>
  );
}

export const percent = (share: number): string => `${Math.round(share * 100)}%`;
