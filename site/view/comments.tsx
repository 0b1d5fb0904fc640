import { type Chrome, to } from '../chrome.js';
import type { FullArticle } from '../store/article.js';
import type { Comment } from '../store/comments.js';
import { Field, Flaws, Guard, TextArea } from './fields.js';
import { Breadcrumb } from './lists.js';

/** The comments below an article, and a link to write one. */
export function Comments({ chrome, slug, comments }: { chrome: Chrome; slug: string; comments: Comment[] }) {
  return (
    <section class="comments" aria-labelledby="comments">
      <h2 id="comments">
        {comments.length === 0 ? 'Comments' : `${comments.length} ${comments.length === 1 ? 'comment' : 'comments'}`}
      </h2>
      {comments.length > 0 && (
        <ol>
          {comments.map((c) => (
            <li id={`comment-${c.id}`}>
              <p class="meta">
                <b dir="auto">{c.name}</b>
                <time datetime={new Date(c.receivedAt).toISOString()}>{chrome.dateTime(c.receivedAt)}</time>
              </p>
              <Words text={c.message} />
            </li>
          ))}
        </ol>
      )}
      <p>
        <a class="button" href={to.comment(slug)} rel="nofollow">
          Write a comment
        </a>
      </p>
    </section>
  );
}

/** What a reader wrote, as plain text in its own paragraphs. */
export function Words({ text }: { text: string }) {
  const paragraphs = text.split(/\n\s*\n/).filter((p) => p.trim() !== '');
  return (
    <>
      {paragraphs.map((p) => (
        <p class="wrote" dir="auto">
          {p.trim()}
        </p>
      ))}
    </>
  );
}

type FormProps = {
  article: FullArticle;
  token: string;
  sent: boolean;
  flaws: Record<string, string>;
  values: Partial<Record<'name' | 'email' | 'message', string>>;
};

/** The page where a reader writes a comment. */
export function CommentPage({ article, token, sent, flaws, values }: FormProps) {
  return (
    <div class="reading text">
      <Breadcrumb
        trail={[
          { label: article.title, href: to.article(article.slug) },
          { label: 'Write a comment', href: null },
        ]}
      />
      <h1>Write a comment</h1>
      {sent ? (
        <p class="done" role="status">
          Thank you. An editor will read your comment before it appears below{' '}
          <a href={to.article(article.slug)}>the article</a>.
        </p>
      ) : (
        <>
          <p>
            About <a href={to.article(article.slug)}>{article.title}</a>. An editor reads each comment before it
            appears. Your name is shown with it; your e-mail address is not.
          </p>
          <form
            class="notice"
            method="post"
            action={to.comment(article.slug)}
            novalidate={Object.keys(flaws).length > 0}
          >
            <Flaws flaws={flaws} />
            <Guard token={token} />
            <Field name="name" label="Your name" value={values.name} flaw={flaws['name']} autocomplete="name" />
            <Field
              name="email"
              label="Your e-mail address (not shown)"
              type="email"
              value={values.email}
              flaw={flaws['email']}
              autocomplete="email"
            />
            <TextArea
              name="message"
              label="Comment"
              value={values.message}
              flaw={flaws['message']}
              rows={7}
              most={5000}
            />
            <p>
              <button type="submit">Send</button>
            </p>
          </form>
        </>
      )}
    </div>
  );
}
