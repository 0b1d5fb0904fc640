/** Markup that needs no more escaping. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | false | Part[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text made safe for HTML and XML, in elements and in quoted attributes. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

const render = (part: Part): string =>
  part instanceof Html
    ? part.text
    : Array.isArray(part)
      ? part.map(render).join('')
      : part === null || part === false
        ? ''
        : escapeMarkup(String(part));

/** A template whose values are escaped unless they are markup already. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((s, i) => (i === 0 ? s : render(parts[i - 1] ?? null) + s)).join(''));
}

/** Trusted text as markup. */
export const raw = (text: string): Html => new Html(text);

/** Data inside a `<script>` element, which nothing in it can close. */
export const json = (data: unknown): Html => new Html(JSON.stringify(data, null, 1).replaceAll('<', '\\u003c'));
