import type { Child } from 'hono/jsx';
import type { Waiting } from '../store/waiting.js';
import { Field, Flaws, Guard } from './fields.js';

const SAID = {
  pinned: 'The article is now first in Editors Picks.',
  unpinned: 'The article is no longer pinned. It stays in Editors Picks only if it is among the longest.',
  hidden: 'Readers no longer see the article. You can show it again.',
  shown: 'Readers see the article again.',
  filed: 'The category was changed. The article appears there within seconds.',
  withdrawn: 'The article was retracted here and everywhere else it was sent.',
  approved: 'The comment is now public.',
  rejected: 'The comment was rejected. Readers do not see it.',
  refused: 'The request was refused, with your reason.',
  merged: 'The two stories are now one. Every sink learns of it with the next messages.',
  added: 'The article is now part of this story.',
  apart: 'The article was removed from its story.',
  undone: 'The decision was undone.',
  settled: 'The message is done and no longer listed.',
} as const;
export type Said = keyof typeof SAID;

export type Section = 'articles' | 'stories' | 'comments' | 'removals' | 'messages' | 'newsletter' | 'journal';

type FrameProps = {
  section: Section;
  title: string;
  editor: string;
  counts: Waiting;
  /** Sections that are switched off. */
  shut: readonly Section[];
  token: string;
  said: string | undefined;
  problem: string | undefined;
  children?: Child;
};

/** The frame of each page of the editor's desk. */
export function DeskFrame(p: FrameProps) {
  const places: [Section, string, string][] = [
    ['articles', '/desk', 'Articles'],
    ['stories', '/desk/stories', 'Stories'],
    ['comments', '/desk/comments', `Comments (${p.counts.comments})`],
    ['removals', '/desk/removals', `Removals (${p.counts.takedowns})`],
    ['messages', '/desk/messages', `Messages (${p.counts.notices})`],
    ['newsletter', '/desk/newsletter', 'Newsletter'],
    ['journal', '/desk/journal', 'Journal'],
  ];
  const shown = places.filter(([section]) => !p.shut.includes(section));
  const said = p.said !== undefined && Object.hasOwn(SAID, p.said) ? SAID[p.said as Said] : null;
  return (
    <div class="desk">
      <div class="deskbar">
        <nav aria-label="Editor's desk">
          <ul class="chips">
            {shown.map(([section, href, label]) => (
              <li>
                <a href={href} aria-current={section === p.section ? 'page' : undefined}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <form method="post" action="/desk/logout">
          <input type="hidden" name="token" value={p.token} />
          <button type="submit">Log out {p.editor}</button>
        </form>
      </div>
      <h1>{p.title}</h1>
      {said !== null && (
        <p class="done" role="status">
          {said}
        </p>
      )}
      {p.problem !== undefined && (
        <p class="flaw" role="alert">
          {p.problem}
        </p>
      )}
      {p.children}
    </div>
  );
}

/** A form with one button. */
export function Deed(p: { action: string; token: string; label: string; values?: Record<string, string> }) {
  return (
    <form method="post" action={p.action} class="deed">
      <input type="hidden" name="token" value={p.token} />
      {Object.entries(p.values ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit">{p.label}</button>
    </form>
  );
}

/** The login form: a name for the journal, and the password. */
export function LoginPage(p: { token: string; back: string; name: string; flaws: Record<string, string> }) {
  return (
    <div class="reading text">
      <h1>Editor's desk</h1>
      <form class="notice" method="post" action="/desk/login" novalidate={Object.keys(p.flaws).length > 0}>
        <Flaws flaws={p.flaws} />
        <Guard token={p.token} />
        <input type="hidden" name="back" value={p.back} />
        <Field name="name" label="Your name" value={p.name} flaw={p.flaws['name']} autocomplete="username" />
        <Field
          name="password"
          label="Password"
          type="password"
          value=""
          flaw={p.flaws['password']}
          autocomplete="current-password"
        />
        <p>
          <button type="submit">Log in</button>
        </p>
      </form>
    </div>
  );
}
