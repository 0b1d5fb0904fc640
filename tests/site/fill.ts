import type { ArticleMessage, ContractArticle } from '../../contract/contract.js';
import { article, idOf } from './messages.js';

export const MENU = [
  { path: 'world', label: 'World', parent: null },
  { path: 'world/harbours', label: 'Harbours & Shipping', parent: 'world' },
  { path: 'world/borders', label: 'Borders', parent: 'world' },
  { path: 'politics', label: 'Politics', parent: null },
  { path: 'politics/councils', label: 'Town Councils', parent: 'politics' },
  { path: 'politics/courts', label: 'Courts', parent: 'politics' },
  { path: 'science', label: 'Science', parent: null },
  { path: 'science/oceans', label: 'Oceans', parent: 'science' },
  { path: 'business', label: 'Business', parent: null },
  { path: 'culture', label: 'Culture', parent: null },
  { path: 'culture/festivals', label: 'Festivals', parent: 'culture' },
];

const SOURCES = [
  ['herald', 'The Port Verity Herald', 'herald.example'],
  ['courier', 'Northern Courier', 'courier.example'],
  ['gazette', 'Gazette of Lower Ambria', 'gazette.example'],
  ['wire', 'Ambria Wire', 'wire.example'],
  ['observer', 'Observer', 'observer.example'],
] as const;

const AUTHORS = ['Ada Byline', 'Jonas Brandt', 'Mirela Okonkwo', 'Tomás Ferreira', 'Li Wen'];

const HEADLINES: [string, string][] = [
  ['Harbour of Port Verity reopens after three days of storm', 'world/harbours'],
  ['Ferries wait as the harbour pilots vote on a new contract', 'world/harbours'],
  ['Border bridge between Ambria and Selm closes for repairs', 'world/borders'],
  ['Customs posts move to one shared hall at the Selm crossing', 'world/borders'],
  ['Council of Lower Ambria splits over the price of water', 'politics/councils'],
  ['Mayor of Port Verity asks for a second look at the tram budget', 'politics/councils'],
  ['Court orders the ministry to publish its flood maps', 'politics/courts'],
  ['Judges hear the appeal of the Selm dam engineers', 'politics/courts'],
  ['Deep-sea cable carries the sound of whales to the mainland', 'science/oceans'],
  ['Kelp returns to a bay that was bare for forty years', 'science/oceans'],
  ['A telescope made of old mirrors finds a lost comet', 'science'],
  ['Glaciers of the Upper Ambria range lose a third of their summer ice', 'science'],
  ['Shipyard at Verity takes on two hundred apprentices', 'business'],
  ['Grain prices fall for the fourth week as the harvest comes in early', 'business'],
  ['Two small banks of the islands agree to merge', 'business'],
  ['Festival of lanterns draws its largest crowd in a decade', 'culture/festivals'],
  ['The oldest cinema of the coast opens again under its old name', 'culture'],
  ['A novelist of the marshes wins the Ambria prize', 'culture'],
  ['Island library lends out boats along with its books', 'culture'],
  ['Storm warning lifted along the whole northern coast', 'world'],
];

const SENTENCES = [
  'Officials said on Tuesday that the decision had been taken after weeks of talks with everybody concerned.',
  'Residents gathered at the quay in the early morning to see for themselves what had been announced the night before.',
  '“We have waited for this for a long time,” said a shopkeeper whose family has lived on the square for three generations.',
  'The figures, which the agency published without comment, show a change that few had expected so early in the year.',
  'Critics note that a similar plan failed nine years ago, and that its costs were never fully explained.',
  'A second report is expected before the end of the month; until then the old rules remain in force.',
  'Engineers who examined the site found no damage to the foundations, but recommended that loads be limited until spring.',
];

const RIGHTS = [
  { level: 'full', reason: 'the source is in the public domain' },
  { level: 'excerpt', reason: 'the source allows excerpts' },
  { level: 'excerpt', reason: 'the source allows excerpts' },
  { level: 'link', reason: 'the page forbids snippets (robots meta: nosnippet)' },
] as const;

/** About forty articles of invented text, on five outlets, some of one event, some corrected. */
export function fillMessages(pictures: string | null, count = 44): ArticleMessage[] {
  return Array.from({ length: count }, (_, n) => {
    const [headline, path] = HEADLINES[n % HEADLINES.length] ?? ['', ''];
    const round = Math.floor(n / HEADLINES.length);
    const [id, name, host] = SOURCES[(n * 3 + round) % SOURCES.length] ?? SOURCES[0];
    const title =
      round === 0 ? headline : `${headline}${[', officials say', ': what is known so far'][round - 1] ?? ''}`;
    const url = `https://${host}/2026/03/${n}`;
    const author = AUTHORS[(n * 2) % AUTHORS.length] ?? '';
    const at = new Date(Date.UTC(2026, 2, 4, 18) - n * 73 * 60_000).toISOString();
    const rights = RIGHTS[n % RIGHTS.length] ?? RIGHTS[1];
    const paragraphs = Array.from({ length: 4 + (n % 4) }, (_, i) =>
      [0, 1, 2].map((j) => SENTENCES[(n + i * 2 + j) % SENTENCES.length]).join(' '),
    );
    const excerpt = rights.level === 'link' ? '' : `${SENTENCES[n % 7]} ${SENTENCES[(n + 3) % 7]}`;
    const story = n % HEADLINES.length;
    const label = MENU.find((m) => m.path === path)?.label ?? path;
    const body =
      rights.level === 'full' ? paragraphs.map((p) => `<p>${p}</p>`).join('') : excerpt ? `<p>${excerpt}</p>` : '';
    const more: Partial<ContractArticle> = {
      title,
      slug: `${headline.toLowerCase().replace(/[^a-z]+/g, '-')}-${idOf(`fill-${n}`).slice(0, 8)}`,
      excerpt,
      html: `${body}<p>${author}, ${name}, <time datetime="${at}">${at.slice(0, 10)}</time> — <a href="${url}" rel="noopener external">Source link</a></p>`,
      authors: n % 7 === 6 ? [] : [author],
      publishedAt: n === 17 ? null : at,
      fetchedAt: at,
      readingMinutes: 1 + (n % 8),
      wordCount: 230 * (1 + (n % 8)),
      categories: [{ path, label, confidence: 0.8, by: 'model' }],
      tags: [headline.split(' ').at(-1) ?? '', 'Ambria'],
      image:
        pictures === null || rights.level === 'link' || n % 6 === 5
          ? null
          : {
              url: `${pictures}/${n}.png`,
              alt: `A view for: ${headline}`,
              credit: 'R. Quay / Herald',
              width: 1200,
              height: 675,
            },
      source: { id, name, homepage: `https://${host}/` },
      attribution: { label: 'Source link', url, author, publisher: name, publishedAt: n === 17 ? null : at },
      canonicalUrl: url,
      rights,
      story:
        story < 6
          ? {
              id: `story-${story}`,
              size: story < 4 ? 5 : 3,
              coverage: SOURCES.slice(0, 3).map(([s, source, h]) => ({
                source,
                url: `https://${h}/copy/${story}`,
                title: `${headline} (${s})`,
              })),
            }
          : null,
    };
    const a = article(`fill-${n}`, more);
    return { type: 'article.published', version: 1, id: a.id, revision: 1, sentAt: at, article: a } as ArticleMessage;
  });
}
