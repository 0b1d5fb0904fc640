import type { PageInput } from '../../extractors/article.js';

type Changes = Partial<Omit<PageInput, 'source' | 'hints' | 'limits'>> & {
  source?: Partial<PageInput['source']>;
  hints?: Partial<PageInput['hints']>;
  limits?: Partial<PageInput['limits']>;
};

/** A page for tests: the default limits, an outlet that allows everything, and whatever the test is about. */
export function pageInput(html: string | Uint8Array, { source, hints, limits, ...page }: Changes = {}): PageInput {
  return {
    url: 'https://news.example/2026/03/story.html',
    bytes: typeof html === 'string' ? new TextEncoder().encode(html) : html,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    fetchedAt: '2026-03-01T12:00:00.000Z',
    ...page,
    source: {
      id: 'news',
      name: 'The News',
      url: 'https://news.example/',
      language: null,
      timezone: null,
      republish: 'full',
      fullLicences: [],
      rules: { remove: [] },
      ...source,
    },
    hints: {
      title: null,
      authors: [],
      publishedAt: null,
      updatedAt: null,
      summary: null,
      image: null,
      language: null,
      tags: [],
      ...hints,
    },
    profile: page.profile ?? null,
    limits: { maxBytes: 8_000_000, maxElements: 60_000, maxDepth: 400, minWords: 30, ...limits },
  };
}

const SENTENCES = [
  'The council of the old harbour town met on Tuesday evening, heard both sides for three hours, and put off its vote until the spring.',
  'Members said that the plan, which would close the northern quay to cars, needed more time and a second opinion from the engineers.',
  'Shopkeepers along the water have asked for the change since 2019, while the ferry company warned of longer ways for its passengers.',
  'A first count of the answers that residents sent in shows a narrow majority for the closure, the mayor told reporters afterwards.',
  'The engineers are to report by the end of February, and the vote is now expected in the second week of April, the council said.',
];

/** A plain article page of `paragraphs` paragraphs, with boilerplate around it. */
export function articlePage(
  options: { head?: string; before?: string; after?: string; paragraphs?: number; title?: string } = {},
): string {
  const {
    head = '',
    before = '',
    after = '',
    paragraphs = 6,
    title = 'Council puts off vote on the northern quay',
  } = options;
  const text = Array.from(
    { length: paragraphs },
    (_, i) => `<p>${SENTENCES[i % SENTENCES.length]} ${SENTENCES[(i + 2) % SENTENCES.length]}</p>`,
  ).join('\n');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} | The News</title>${head}</head><body>
    <header><nav><a href="/">Home</a> <a href="/politics">Politics</a></nav></header>
    <main><article><h1>${title}</h1>${before}<div class="article-body">${text}</div>${after}</article></main>
    <footer><p>© 2026 The News</p></footer></body></html>`;
}
