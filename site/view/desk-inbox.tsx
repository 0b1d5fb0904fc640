import { type Chrome, to } from '../chrome.js';
import type { WaitingComment } from '../store/comments.js';
import type { Entry } from '../store/journal.js';
import type { Notice } from '../store/notices.js';
import type { NewsletterFacts } from '../store/subscribers.js';
import type { OpenTakedown } from '../store/takedowns.js';
import { Words } from './comments.js';
import { Deed } from './desk.js';

type Shared = { chrome: Chrome; token: string };

function From({ chrome, of }: { chrome: Chrome; of: { name: string; email: string; receivedAt: Date } }) {
  return (
    <p class="meta">
      <b dir="auto">{of.name}</b>
      <a href={`mailto:${of.email}`}>{of.email}</a>
      <time datetime={new Date(of.receivedAt).toISOString()}>{chrome.dateTime(of.receivedAt)}</time>
    </p>
  );
}

export function CommentList({ chrome, token, comments }: Shared & { comments: WaitingComment[] }) {
  if (comments.length === 0) return <p class="empty">No comments are waiting.</p>;
  return (
    <ul class="rows">
      {comments.map((c) => (
        <li>
          <From chrome={chrome} of={c} />
          <Words text={c.message} />
          <p class="meta">
            <span>
              About <a href={to.article(c.slug)}>{c.title}</a>
            </span>
          </p>
          <div class="deeds">
            <Deed action={`/desk/comments/${c.id}`} token={token} label="Approve" values={{ decision: 'approved' }} />
            <Deed action={`/desk/comments/${c.id}`} token={token} label="Reject" values={{ decision: 'rejected' }} />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function RemovalList({ chrome, token, open }: Shared & { open: OpenTakedown[] }) {
  if (open.length === 0) return <p class="empty">No requests are waiting.</p>;
  return (
    <ul class="rows">
      {open.map((t) => (
        <li>
          <From chrome={chrome} of={t} />
          <Words text={t.message} />
          <p>
            {t.article === null ? (
              <>
                <b>{t.articleId === null ? 'This site has no article at' : 'Already retracted:'}</b>{' '}
                <span>{t.url}</span>
              </>
            ) : (
              <>
                <b>{t.article.hidden ? 'Hidden from readers: ' : 'Asks to remove: '}</b>
                <a href={`/desk/article/${t.articleId}`}>{t.article.title}</a> from {t.article.sourceName} (
                <a href={t.article.canonicalUrl} rel="noopener external">
                  original
                </a>
                )
              </>
            )}
          </p>
          <form method="post" action={`/desk/removals/${t.id}`} class="deed">
            <input type="hidden" name="token" value={token} />
            <label for={`reason-${t.id}`}>Reason (readers see it if you retract the article)</label>
            <input
              id={`reason-${t.id}`}
              name="reason"
              maxlength={500}
              value="the owner asked for its removal"
              required
            />
            <span class="deeds">
              {t.articleId !== null && (
                <button type="submit" name="decision" value="grant">
                  Retract the article
                </button>
              )}
              <button type="submit" name="decision" value="refuse">
                Refuse the request
              </button>
            </span>
          </form>
        </li>
      ))}
    </ul>
  );
}

export function MessageList({ chrome, token, open }: Shared & { open: Notice[] }) {
  if (open.length === 0) return <p class="empty">No messages are waiting.</p>;
  return (
    <ul class="rows">
      {open.map((n) => (
        <li>
          <From chrome={chrome} of={n} />
          {n.url !== null && <p>{n.url}</p>}
          <Words text={n.message} />
          <Deed action={`/desk/messages/${n.id}`} token={token} label="Mark as done" />
        </li>
      ))}
    </ul>
  );
}

/** How many readers subscribe to the newsletter, and whether its mail is being sent. */
export function NewsletterDesk({ chrome, facts }: { chrome: Chrome; facts: NewsletterFacts }) {
  const lines: [string, string][] = [
    ['Subscribers', `${facts.subscribers}, and ${facts.unconfirmed} not yet confirmed`],
    ['Last issue', facts.lastIssue === null ? 'none yet' : chrome.dateTime(facts.lastIssue)],
    ['Messages waiting', `${facts.waiting}`],
    ['Messages that failed', `${facts.dead}`],
    ...(facts.lastFault === null ? [] : ([['Last error', facts.lastFault]] as [string, string][])),
  ];
  return (
    <dl class="facts">
      {lines.map(([term, value]) => (
        <div>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Journal({ chrome, lines }: { chrome: Chrome; lines: Entry[] }) {
  if (lines.length === 0) return <p class="empty">No entries yet.</p>;
  return (
    <div class="wide-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Editor</th>
            <th scope="col">Action</th>
            <th scope="col">Subject</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((e) => (
            <tr>
              <td>{chrome.dateTime(e.at)}</td>
              <td>{e.editor}</td>
              <td>{e.did}</td>
              <td>{e.about}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
