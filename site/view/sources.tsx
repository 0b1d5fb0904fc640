import { type Chrome, to } from '../chrome.js';
import type { SourceFacts, SourceLine } from '../store/article.js';

/** What is known of a source from its articles alone. */
export function SourceHead({ chrome, facts, path }: { chrome: Chrome; facts: SourceFacts; path: string }) {
  const lines: [string, string][] = [
    ['Articles here', `${facts.articles}, ${facts.lastWeek} in its last seven days`],
    ['First and newest', `${chrome.date(facts.first)} – ${chrome.dateTime(facts.newest)}`],
    ['Corrected since they appeared', `${facts.updated}`],
    ['Withdrawn', `${facts.retracted}`],
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

/** All sources with how much of each is here. */
export function SourcesPage({ chrome, sources }: { chrome: Chrome; sources: SourceLine[] }) {
  return (
    <div class="sources">
      <h1>Sources</h1>
      <p>Everything here was published by these outlets first.</p>
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
