import { type Chrome, to } from '../chrome.js';
import type { SourceFacts, SourceLine } from '../store/article.js';

/** What this site knows about a source from its articles. */
export function SourceHead({ chrome, facts, path }: { chrome: Chrome; facts: SourceFacts; path: string }) {
  const lines: [string, string][] = [
    ['Articles here', `${facts.articles}, ${facts.lastWeek} of them in its last seven days`],
    ['First and newest', `${chrome.date(facts.first)} – ${chrome.dateTime(facts.newest)}`],
    ['Updated since they appeared', `${facts.updated}`],
    ['Retracted', `${facts.retracted}`],
    ['Shown', `${facts.full} in full, ${facts.excerpt} as excerpts, ${facts.link} as links`],
  ];
  return (
    <header class="sourcehead">
      <p class="kicker">Source</p>
      <h1>{facts.name}</h1>
      <p>
        <a href={facts.homepage} rel="noopener external">
          {new URL(facts.homepage).host}
        </a>{' '}
        · <a href={`${path}/feed.xml`}>RSS</a>
      </p>
      <dl>
        {lines.map(([term, value]) => (
          <div>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

/** All sources, with the number of their articles. */
export function SourcesPage({ chrome, sources }: { chrome: Chrome; sources: SourceLine[] }) {
  return (
    <div class="sources">
      <h1>Sources</h1>
      <p>Every article on this site was first published by one of these outlets.</p>
      <ul>
        {sources.map((s) => (
          <li>
            <a href={to.source(s.id)}>{s.name}</a>
            <span class="meta">
              {s.articles} {s.articles === 1 ? 'article' : 'articles'}, newest {chrome.date(s.newest)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
