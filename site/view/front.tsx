import { type Chrome, to } from '../chrome.js';
import type { Front } from '../store/front.js';
import { FullCard, Headline, SmallCard } from './cards.js';
import { Box } from './lists.js';
import { NewsletterBox } from './newsletter.js';

/** The front page: leads, What's Hot, a panel for each category, and the picks. */
export function FrontPage({ chrome, front }: { chrome: Chrome; front: Front }) {
  const [first, ...rest] = front.lead;
  if (!first)
    return (
      <section class="empty">
        <h1>{chrome.name}</h1>
        <p>No articles have arrived yet. New ones appear here within seconds of publication.</p>
      </section>
    );
  return (
    <>
      <h1 class="unseen">{chrome.name}: front page</h1>
      <div class="front">
        <section class="leads" aria-label="Lead stories">
          <FullCard chrome={chrome} card={first} level={2} lead />
          <div class="seconds">
            {rest.map((card) => (
              <FullCard chrome={chrome} card={card} level={2} />
            ))}
          </div>
        </section>
        <aside class="side" aria-label="What's Hot">
          <section class="box ranked" aria-labelledby="hot">
            <h2 id="hot">What's Hot</h2>
            <ol>
              {front.hot.map((card) => (
                <li>
                  <Headline chrome={chrome} card={card} />
                </li>
              ))}
            </ol>
          </section>
          <NewsletterBox chrome={chrome} />
        </aside>
      </div>
      <div class="trio">
        <Box chrome={chrome} id="editors" title="Editors Picks" cards={front.editors} small />
        <Box chrome={chrome} id="picks" title="Our Picks" cards={front.picks} small />
      </div>
      <div class="panels">
        {front.panels.map((panel) => {
          const [top, ...more] = panel.cards;
          const id = `panel-${panel.path.replaceAll('/', '-')}`;
          return (
            <section class="panel" aria-labelledby={id}>
              <h2 id={id}>
                <a href={to.category(panel.path)}>{panel.label}</a>
              </h2>
              {top && <FullCard chrome={chrome} card={top} />}
              {more.map((card) => (
                <Headline chrome={chrome} card={card} />
              ))}
              <p class="more">
                <a href={to.category(panel.path)}>More in {panel.label}</a>
              </p>
            </section>
          );
        })}
      </div>
      {front.latest.length > 0 && (
        <section class="latest" aria-labelledby="latest">
          <h2 id="latest">Latest</h2>
          <div class="grid">
            {front.latest.map((card) => (
              <SmallCard chrome={chrome} card={card} />
            ))}
          </div>
          <p class="more">
            <a href="/latest">All articles, newest first</a>
          </p>
        </section>
      )}
    </>
  );
}
