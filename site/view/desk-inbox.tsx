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
  if (comments.length === 0) return <p class="empty">No comment waits.</p>;
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
            <Deed action={`/desk/comments/${c.id}`} token={token} label="Show it" values={{ decision: 'approved' }} />
            <Deed
              action={`/desk/comments/${c.id}`}
              token={token}
              label="Leave it out"
              values={{ decision: 'rejected' }}
            />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function RemovalList({ chrome, token, open }: Shared & { open: OpenTakedown[] }) {
  if (open.length === 0) return <p class="empty">No request waits.</p>;
  return (
    <ul class="rows">
      {open.map((t) => (
        <li>
          <From chrome={chrome} of={t} />
          <Words text={t.message} />
          <p>
            {t.article === null ? (
              <>
                <b>{t.articleId === null ? 'No article of this site stands at' : 'It is withdrawn already:'}</b>{' '}
                <span>{t.url}</span>
              </>
            ) : (
              <>
                <b>{t.article.hidden ? 'Hidden from readers: ' : 'Asks for the removal of '}</b>
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
            <label for={`reason-${t.id}`}>Reason; readers see it when the article is withdrawn</label>
            <input
              id={`reason-${t.id}`}
              name="reason"
              maxlength={500}
              value="its owner asked for its removal"
              required
            />
            <span class="deeds">
              {t.articleId !== null && (
                <button type="submit" name="decision" value="grant">
                  Withdraw the article
                </button>
              )}
              <button type="submit" name="decision" value="refuse">
                Refuse
              </button>
            </span>
          </form>
        </li>
      ))}
    </ul>
  );
}

export function MessageList({ chrome, token, open }: Shared & { open: Notice[] }) {
  if (open.length === 0) return <p class="empty">No message waits.</p>;
  return (
    <ul class="rows">
      {open.map((n) => (
        <li>
          <From chrome={chrome} of={n} />
          {n.url !== null && <p>{n.url}</p>}
          <Words text={n.message} />
          <Deed action={`/desk/messages/${n.id}`} token={token} label="Done" />
        </li>
      ))}
    </ul>
  );
}

/** How many get the newsletter, and whether its mail is through. */
export function NewsletterDesk({ chrome, facts }: { chrome: Chrome; facts: NewsletterFacts }) {
  const lines: [string, string][] = [
    ['Subscribers', `${facts.subscribers}, and ${facts.unconfirmed} who did not confirm yet`],
    ['Last issue', facts.lastIssue === null ? 'none yet' : chrome.dateTime(facts.lastIssue)],
    ['Mail that waits', `${facts.waiting}`],
    ['Mail given up', `${facts.dead}`],
    ...(facts.lastFault === null ? [] : ([['Last fault', facts.lastFault]] as [string, string][])),
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
  if (lines.length === 0) return <p class="empty">Nothing was done yet.</p>;
  return (
    <div class="wide-table">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">Did</th>
            <th scope="col">About</th>
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
