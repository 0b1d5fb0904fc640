import { describe, expect, it } from 'vitest';
import { extract } from '../../../extractors/extract.js';
import type { PageDigest } from '../../../extractors/profile/digest.js';
import { fallenAway, fillOf } from '../../../extractors/profile/fill.js';
import { learnAndJudge } from '../../../extractors/profile/judge.js';
import { learnFrom, type Profile } from '../../../extractors/profile/profile.js';
import { CLOSING, outletPage, paragraphsOf } from '../../setup/outlet-pages.js';
import { pageInput } from '../page-input.js';

type Options = Parameters<typeof outletPage>[1] & {
  profile?: Profile | null;
  rules?: { body?: string; remove: string[] };
};

function read(seed: number, { profile = null, rules, ...page }: Options = {}) {
  const source = rules ? { source: { rules } } : {};
  return extract(pageInput(outletPage(seed, page), { url: `https://lantern.example/${seed}`, profile, ...source }));
}

const digests = (seeds: number[], page: Options = {}): PageDigest[] => seeds.map((s) => read(s, page).digest);

function learned(pages: PageDigest[]): Profile {
  const judged = learnAndJudge(pages);
  if (!judged?.wins) throw new Error(`not used: ${judged?.reason}`);
  return { version: 1, ...judged.profile };
}

describe('what an outlet teaches', () => {
  it('takes from the fourth article the paragraph that three others have too', () => {
    expect(read(4).text).toContain(CLOSING);
    const article = read(4, { profile: learned(digests([1, 2, 3])) });
    expect(article.text).not.toContain(CLOSING);
    expect(article.text.split('\n')).toEqual(paragraphsOf(4));
    expect(article.removed).toContainEqual({ what: CLOSING, why: 'boilerplate of the outlet' });
    expect(article.html).not.toContain('brick house');
  });

  it('gives the same digest with a profile as without, so that nothing is learned from what was learned', () => {
    expect(read(4, { profile: learned(digests([1, 2, 3])) }).digest).toEqual(read(4).digest);
  });

  it('says what it does to the outlet’s own pages', () => {
    const judged = learnAndJudge(digests([1, 2, 3, 4]));
    expect(judged).toMatchObject({
      wins: true,
      reason: `it takes out 4 lines (${CLOSING.length * 4} characters) on 4 of 4 pages, and loses nothing`,
      figures: { pages: 4, lost: { lines: 0 }, fill: { authors: 1, dated: 1, usual: 1 } },
    });
  });

  it('needs three different articles: one in three addresses is one', () => {
    expect(learnAndJudge(digests([1, 2]))).toBeNull();
    const again = digests([1, 1, 1]).map((d, i) => ({ ...d, url: `${d.url}?${i}` }));
    expect(learnAndJudge(again)).toBeNull();
    expect(learnAndJudge(digests([1, 1, 1]))).toBeNull();
  });

  it('leaves a page alone that is another version of a known one', () => {
    const body = [
      ...paragraphsOf(9).slice(0, 1),
      CLOSING,
      CLOSING.replace('1911', '1912'),
      CLOSING.replace('pays', 'gives'),
    ];
    const pages = [1, 2, 3].map(
      (seed) => read(seed, { body: [...paragraphsOf(seed), ...body.slice(1)], closing: '' }).digest,
    );
    const profile = learned(pages);
    expect(profile.boilerplate.length).toBe(3);
    expect(read(9, { profile, body, closing: '' }).text.split('\n')).toEqual(body);
  });

  it('keeps a paragraph of background that a running story repeats among its own', () => {
    const background =
      'The council and the ferry company have argued over the northern quay since the great storm of 2019.';
    const pages = [1, 2, 3, 4].map((seed) => {
      const [first = '', ...rest] = paragraphsOf(seed);
      return read(seed, { body: seed < 3 ? [first, background, ...rest] : [first, ...rest] }).digest;
    });
    const profile = learned(pages);
    expect(profile.boilerplate.map((f) => f.begins)).toEqual([CLOSING.slice(0, 70)]);
    expect(
      read(5, { profile, body: [...paragraphsOf(5).slice(0, 2), background, ...paragraphsOf(5).slice(2)] }).text,
    ).toContain(background);
  });

  it('keeps a first paragraph that other pages show as a teaser', () => {
    const first =
      'For the fourth time since the storm the council faces a vote on the northern quay, and this time it may pass.';
    const teaser = `<div class="more"><p>${first}</p></div>`;
    const pages = [1, 2, 3].map((seed) => {
      const html = outletPage(seed).replace('</main>', `${teaser}</main>`);
      return extract(pageInput(html, { url: `https://lantern.example/${seed}` })).digest;
    });
    const profile = learned(pages);
    expect(profile.boilerplate.map((f) => f.begins)).toContain(first.slice(0, 70));
    const article = read(4, { profile, body: [first, ...paragraphsOf(4)] });
    expect(article.text.split('\n')).toEqual([first, ...paragraphsOf(4)]);
  });

  it('keeps what the publisher’s own plain text of the article has', () => {
    const vouched = digests([1, 2, 3]).map((d) => ({
      ...d,
      witnessed: true,
      lines: d.lines.map((l) => ({ ...l, vouched: l.kept })),
    }));
    expect(learnFrom(vouched)?.boilerplate).toEqual([]);
  });

  it('finds the text in its usual place where something else of the page was taken', () => {
    const profile = learned(digests([1, 2, 3]));
    expect(profile.bodyPaths).toHaveLength(1);
    // Here the report stands in what calls itself comments, and a box beside it in prose of its own.
    const box = paragraphsOf(77).slice(0, 2);
    const html = outletPage(4)
      .replace(
        '<article',
        `<div class="digest">${box.map((p) => `<p>${p}</p>`).join('')}</div><div class="comments"><article`,
      )
      .replace('</article>', '</article></div>');
    const missed = extract(pageInput(html));
    expect(missed.text.split('\n')).toEqual(box);
    const found = extract(pageInput(html, { profile }));
    expect(found.text.split('\n')).toEqual(paragraphsOf(4));
    expect(found.provenance['text']).toBe('profile');
    expect(found.digest).toEqual(missed.digest);
    expect(learnAndJudge([...digests([1, 2, 3]), missed.digest])).toMatchObject({
      wins: true,
      figures: { added: { pages: 1, lines: paragraphsOf(4).length }, lost: { lines: 0 } },
    });
  });

  it('does not touch what the operator names', () => {
    const profile = learned(digests([1, 2, 3]));
    const article = read(4, { profile, rules: { body: '.story-copy', remove: [] } });
    expect(article.text).toContain(CLOSING);
    expect(article.provenance['text']).toBe('rule');
    const removed = read(4, { profile: null, rules: { remove: ['.story-copy p:last-child'] } });
    expect(removed.text).not.toContain(CLOSING);
  });
});

describe('a change of template', () => {
  const before = digests([1, 2, 3, 4]);
  const profile = learnFrom(before) ?? { bodyPaths: [] };

  it('is seen by what falls away', () => {
    const after = fillOf(digests([5, 6, 7], { template: 'new' }), profile);
    expect(fallenAway(fillOf(before, profile), after)).toBe(
      '0 % of the text stands in the usual elements, it was 100 %; 0 % of the pages name authors, it was 100 %',
    );
  });

  it('is not seen in more pages of the same kind, or in shorter ones', () => {
    expect(fallenAway(fillOf(before, profile), fillOf(digests([5, 6, 7]), profile))).toBeNull();
    const short = [5, 6, 7].map((s) => read(s, { body: paragraphsOf(s).slice(0, 3) }).digest);
    expect(fallenAway(fillOf(before, profile), fillOf(short, profile))).toBeNull();
  });
});
