import { type Chrome, to } from '../chrome.js';
import type { storyOf } from '../store/stories.js';
import { Meta } from './cards.js';

type Reports = Awaited<ReturnType<typeof storyOf>>;

/** One event: its reports from oldest to newest, and coverage at other outlets. */
export function StoryPage({ chrome, reports }: { chrome: Chrome; reports: Reports }) {
  const newest = reports.at(-1);
  if (!newest) return null;
  const sources = new Set(reports.map((r) => r.source.name));
  const others = elsewhere(reports);
  for (const other of others) sources.add(other.source);
  return (
    <div class="story">
      <p class="kicker">Story</p>
      <h1 lang={newest.language ?? undefined} dir="auto">
        {newest.title}
      </h1>
      <p class="meta">
        <span>
          {reports.length + others.length} reports from {sources.size} {sources.size === 1 ? 'outlet' : 'outlets'}
        </span>
        <span>
          First {chrome.dateTime(reports[0]?.sortAt ?? newest.sortAt)}, latest {chrome.dateTime(newest.sortAt)}
        </span>
      </p>
      <ol class="timeline">
        {reports.map((r) => (
          <li>
            <p class="when">
              <time datetime={r.sortAt.toISOString()}>{chrome.dateTime(r.sortAt)}</time>
              {r.publishedAt === null && ' (when we fetched it)'}
            </p>
            <h2 class="title" lang={r.language ?? undefined} dir="auto">
              <a href={to.article(r.slug)}>{r.title}</a>
            </h2>
            {r.excerpt !== '' && (
              <p class="excerpt" lang={r.language ?? undefined} dir="auto">
                {r.excerpt}
              </p>
            )}
            <Meta chrome={chrome} card={r} />
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <section class="coverage" aria-labelledby="elsewhere">
          <h2 id="elsewhere">The same report elsewhere</h2>
          <details open={others.length <= 8}>
            <summary>
              {others.length === 1 ? '1 page at another outlet' : `${others.length} pages at other outlets`}
            </summary>
            <ul>
              {others.map((o) => (
                <li>
                  <a href={o.url} rel="noopener external">
                    {o.title}
                  </a>{' '}
                  <span>{o.source}</span>
                </li>
              ))}
            </ul>
          </details>
        </section>
      )}
    </div>
  );
}

/** Coverage without an article on this site: copies of the reports above. */
function elsewhere(reports: Reports): NonNullable<Reports[number]['coverage']> {
  const own = new Set(reports.map((r) => r.canonicalUrl));
  const others = new Map<string, NonNullable<Reports[number]['coverage']>[number]>();
  for (const { coverage } of reports)
    for (const c of coverage ?? []) if (!own.has(c.url) && !others.has(c.url)) others.set(c.url, c);
  return [...others.values()];
}
