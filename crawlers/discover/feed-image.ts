import type { RssFeed } from 'feedsmith';
import { firstImage } from '../../text/html-text.js';

export type Media = NonNullable<RssFeed.Item<string>['media']>;
type Enclosure = { url: string | undefined; type: string | undefined };

/** The files that an RSS item encloses. */
export function enclosuresOf(enclosures: RssFeed.Item<string>['enclosures']): Enclosure[] {
  return enclosures?.map((e) => ({ url: e.url, type: e.type })) ?? [];
}

/** The largest picture that the entry names, else the first that its text shows. */
export function imageOf(
  media: Media,
  enclosures: Enclosure[],
  itunes: string | undefined,
  ...htmls: (string | undefined)[]
) {
  const contents = [...(media.contents ?? []), ...(media.groups?.flatMap((g) => g.contents ?? []) ?? [])];
  const pictures = contents
    .filter(
      (c) =>
        c.url && (c.medium === 'image' || c.type?.startsWith('image/') || (!c.medium && !c.type && isPicture(c.url))),
    )
    .sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
  const thumbnails = [...(media.thumbnails ?? []), ...contents.flatMap((c) => c.thumbnails ?? [])]
    .concat(media.groups?.flatMap((g) => g.thumbnails ?? []) ?? [])
    .sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
  const enclosed = enclosures.find((e) => e.url && (e.type?.startsWith('image/') || (!e.type && isPicture(e.url))));
  const shown = () => htmls.map((h) => firstImage(h?.slice(0, 200_000) ?? '')).find((src) => src !== null) ?? null;
  return pictures[0]?.url ?? enclosed?.url ?? thumbnails[0]?.url ?? itunes ?? shown();
}

function isPicture(url: string): boolean {
  return /\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])/i.test(url);
}
