import type { PageInput } from '../article.js';
import { isObject, type JsonLd, listField, textField } from './json-ld.js';

export type ImageCandidate = {
  url: string;
  alt: string | null;
  credit: string | null;
  width: number | null;
  height: number | null;
  from: string;
};

/** Pictures that the page's metadata names, best first, absolute. */
export function imageCandidates(
  metas: Map<string, string[]>,
  article: JsonLd | null,
  index: Map<string, JsonLd>,
  page: PageInput,
): ImageCandidate[] {
  const found: ImageCandidate[] = [];
  const add = (url: string | null | undefined, rest: Partial<ImageCandidate> & { from: string }): void => {
    const trimmed = url?.trim();
    if (!trimmed || !URL.canParse(trimmed, page.url)) return;
    const absolute = new URL(trimmed, page.url);
    if (!/^https?:$/.test(absolute.protocol)) return;
    const known = found.find((f) => f.url === absolute.href);
    if (known) {
      // The same picture told twice: what one leaves out, the other may say.
      known.width ??= rest.width ?? null;
      known.height ??= rest.height ?? null;
      known.alt ??= rest.alt ?? null;
      known.credit ??= rest.credit ?? null;
    } else if (found.length < 12)
      found.push({ alt: null, credit: null, width: null, height: null, ...rest, url: absolute.href });
  };
  const meta = (name: string) => metas.get(name)?.[0] ?? null;
  const ogUrls = metas.get('og:image:secure_url') ?? metas.get('og:image') ?? metas.get('og:image:url') ?? [];
  ogUrls.forEach((url, i) => {
    add(url, {
      from: 'meta og:image',
      alt: metas.get('og:image:alt')?.[i] ?? null,
      width: pixels(metas.get('og:image:width')?.[i]),
      height: pixels(metas.get('og:image:height')?.[i]),
    });
  });
  for (const name of ['image', 'thumbnailUrl'] as const) {
    for (const image of listField(article, name, index)) {
      if (typeof image === 'string') add(image, { from: `json-ld ${name}` });
      else
        add(textField(image, 'url') ?? textField(image, 'contentUrl') ?? textField(image, '@id'), {
          from: `json-ld ${name}`,
          alt: textField(image, 'caption') ?? textField(image, 'description'),
          credit: textField(image, 'creditText') ?? creatorOf(image) ?? textField(image, 'copyrightNotice'),
          width: pixels(textField(image, 'width')),
          height: pixels(textField(image, 'height')),
        });
    }
  }
  add(meta('twitter:image') ?? meta('twitter:image:src'), {
    from: 'meta twitter:image',
    alt: meta('twitter:image:alt'),
  });
  add(meta('parsely-image-url') ?? meta('sailthru.image.full') ?? meta('thumbnail'), { from: 'meta image' });
  add(page.hints.image, { from: 'feed' });
  return found;
}

function creatorOf(image: JsonLd): string | null {
  const creator = image['creator'] ?? image['author'];
  return typeof creator === 'string' ? creator : isObject(creator) ? textField(creator, 'name') : null;
}

/** `1200`, `1200px`; null for anything that is no positive whole number. */
function pixels(value: string | null | undefined): number | null {
  const n = Number.parseInt(value ?? '', 10);
  return n > 0 && n < 100_000 ? n : null;
}
