import {
  articlePage,
  escapeXml,
  FEED,
  html,
  type Input,
  itemOf,
  onPage,
  type Page,
  type Place,
  paragraphs,
  rss,
  STORY,
  times,
  xml,
} from './input.js';

/** Markup that runs something in a browser that is given it as it is. */
export const MARKUP: Record<string, string> = {
  'a script': '<script>alert(1)</script>',
  'a script from elsewhere': '<script src=//evil.example/x.js></script>',
  'a script in capitals, closed badly': '<SCRIPT/x>alert(1)</SCRIPT\t\n>',
  'a script inside a script': '<scr<script>ipt>alert(1)</scr</script>ipt>',
  'a script never closed': '<script>alert(1)//',
  'a module': '<script type=module>import("data:text/javascript,alert(1)")</script>',
  'an image that fails': '<img src=x onerror=alert(1)>',
  'an image without blanks': '<img/src=x/onerror=alert(1)>',
  'an image never closed': '<img src=x onerror=alert(1) ',
  'an image in quotes of its own': '<img src=`x` onerror=`alert(1)`>',
  'an image with line breaks in names': '<img src=x\non\nerror=alert(1) onerror\n=\nalert(1)>',
  'an event by way of a quote': '"><img src=x onerror=alert(1)><"',
  'an svg that loads': '<svg onload=alert(1)>',
  'a script in svg': '<svg><script>alert&#40;1)</script></svg>',
  'a link in svg': '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>',
  'an svg that animates a link':
    '<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>',
  'an svg that sets an event': '<svg><set attributeName=onmouseover to=alert(1)></svg>',
  'an svg use of data': '<svg><use href="data:image/svg+xml,<svg id=x><script>alert(1)</script></svg>#x"></svg>',
  'html in svg': '<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>',
  'a link in mathml': '<math href="javascript:alert(1)"><mtext>x</mtext></math>',
  'a frame by script': '<iframe src="javascript:alert(1)"></iframe>',
  'a frame with a document': '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
  'an object': '<object data="javascript:alert(1)"></object>',
  'an embed': '<embed src="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
  'an applet and a bgsound': '<applet code=x></applet><bgsound src=javascript:alert(1)>',
  'a form': '<form action="javascript:alert(1)"><button>x</button></form>',
  'a button that sends elsewhere': '<form id=f></form><button form=f formaction=javascript:alert(1)>x</button>',
  'an input that takes the focus': '<input autofocus onfocus=alert(1)>',
  'details that open': '<details open ontoggle=alert(1)>x</details>',
  'a film that fails': '<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)></audio>',
  'a marquee': '<marquee onstart=alert(1)>x</marquee>',
  'a body that loads': '<body onload=alert(1)>',
  'a style sheet': '<style>@import"//evil.example/x.css";*{background:url(javascript:alert(1))}</style>',
  'a style': '<p style="background:url(javascript:alert(1));width:expression(alert(1))">x</p>',
  'a linked style sheet': '<link rel=stylesheet href="//evil.example/x.css">',
  'a base': '<base href="//evil.example/">',
  'a refresh': '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  'a policy': '<meta http-equiv=Content-Security-Policy content="script-src *">',
  'names that hide properties': '<form name=body><input name=firstChild></form><img name=getElementById id=cookie>',
  'noscript that changes its mind': '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  'mathml that changes its mind':
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  'svg that changes its mind': '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  'a form in a form in mathml': '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  'a template':
    '<template><script>alert(1)</script></template><template shadowrootmode=open><img src=x onerror=alert(1)></template>',
  'text elements that end early': '<textarea></title></textarea><title></textarea><img src=x onerror=alert(1)></title>',
  'xmp, noembed and plaintext':
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp><noembed><img src=x onerror=alert(1)>',
  'a comment that ends early': '<!--><img src=x onerror=alert(1)>--><!-- --!><img src=x onerror=alert(2)> -->',
  'character data that ends early': '<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>',
  'deep tags that the parser takes apart': `${times('<div>', 300)}<table><a><table><a><img src=x onerror=alert(1)>`,
};

/** Addresses that must never be followed, shown or loaded. */
export const ADDRESSES: Record<string, string> = {
  javascript: 'javascript:alert(1)',
  'in capitals': 'JaVaScRiPt:alert(1)',
  'with a tab': 'java\tscript:alert(1)',
  'with a line feed': 'java\nscript:alert(1)',
  'behind a control character': '\u0001javascript:alert(1)',
  'behind a blank of Unicode': '\u3000javascript:alert(1)',
  'with letters by number': '&#106;avascript&#58;alert(1)',
  'with letters by long number': '&#x000006A;avascript&colon;alert(1)',
  vbscript: 'vbscript:msgbox(1)',
  'data of a page': 'data:text/html,<script>alert(1)</script>',
  'data of a picture that is a page': 'data:image/svg+xml,<svg onload=alert(1)>',
  'blob, file and view-source': 'view-source:file:///etc/passwd',
  'a scheme that nobody knows': 'x-evil:alert(1)',
  'without a scheme, with a quote': '//evil.example/"onmouseover="alert(1)',
};

type Put = (place: Place, payload: string) => { page: Page; item?: string };
const json = (value: unknown) =>
  `<script type="application/ld+json">${JSON.stringify(value).replaceAll('</', '<\\/')}</script>`;
const quoted = (text: string) => text.replaceAll('"', '&quot;');
/** Says nothing of itself, so that what the feed says is taken. */
const silent = ({ number }: Place): Page =>
  html(
    `<!doctype html><html><body><article>${paragraphs(number)
      .map((p) => `<p>${p}</p>`)
      .join('')}</article></body></html>`,
  );

const MARKUP_PLACES: Record<string, Put> = {
  'in the text': (p, x) => ({ page: html(articlePage(p, { before: `<p>Before. ${x} After.</p>` })) }),
  'in the headline': (p, x) => ({
    page: html(articlePage(p, { title: escapeXml(`Vote ${x} put off`), heading: `Vote ${x} put off` })),
  }),
  'in JSON-LD': (p, x) => ({
    page: html(
      articlePage(p, {
        head: json({
          '@type': 'NewsArticle',
          headline: `Vote ${x}`,
          author: { name: `Ann ${x}` },
          articleBody: `${x} ${paragraphs(p.number).join(' ')}`,
          keywords: [x],
        }),
      }),
    ),
  }),
  "in the feed's words": (p, x) => ({
    page: silent(p),
    item: `<title>${escapeXml(escapeXml(`Vote ${x}`))}</title><description>${escapeXml(x)}</description><author>${escapeXml(`Ann ${x}`)}</author><category>${escapeXml(x)}</category>`,
  }),
};

const ADDRESS_PLACES: Record<string, Put> = {
  'as a link': (p, x) => ({ page: html(articlePage(p, { before: `<p>See <a href="${quoted(x)}">here</a>.</p>` })) }),
  'as a picture': (p, x) => ({
    page: html(
      articlePage(p, {
        before: `<figure><img src="${quoted(x)}" srcset="${quoted(x)} 800w" data-src="${quoted(x)}"><figcaption>Sea</figcaption></figure>`,
      }),
    ),
  }),
  'as a frame, a film and a quotation': (p, x) => ({
    page: html(
      articlePage(p, {
        before: `<iframe src="${quoted(x)}"></iframe><video src="${quoted(x)}" poster="${quoted(x)}"></video><blockquote cite="${quoted(x)}"><p>So it is said.</p></blockquote>`,
      }),
    ),
  }),
  'as lead picture, canonical link and base': (p, x) => ({
    page: html(
      articlePage(p, {
        head: `<meta property="og:image" content="${quoted(x)}"><link rel="canonical" href="${quoted(x)}"><base href="${quoted(x)}"><meta property="og:url" content="${quoted(x)}">`,
      }),
    ),
  }),
  'in JSON-LD': (p, x) => ({
    page: html(
      articlePage(p, {
        head: json({
          '@type': 'NewsArticle',
          headline: 'Vote put off',
          url: x,
          image: x,
          mainEntityOfPage: x,
          author: { name: 'Ann', url: x },
          license: x,
        }),
      }),
    ),
  }),
};

const made = (what: string, payloads: Record<string, string>, places: Record<string, Put>): Input[] =>
  Object.entries(places).flatMap(([where, put]) =>
    Object.entries(payloads).map(
      ([name, payload]): Input => ({
        kind: 'scripts',
        name: `${what}${name}, ${where}`,
        visit: onPage(
          (place) => put(place, payload).page,
          (place) => put(place, payload).item ?? '',
        ),
        ends: /^(published|EXTRACT_EMPTY|EXTRACT_TOO_DEEP)$/,
      }),
    ),
  );

/** An address in a feed: as the link of the entry, its picture and its author's page. */
const inFeeds: Input[] = Object.entries(ADDRESSES).map(([name, address]) => ({
  kind: 'scripts',
  name: `an address, ${name}, in a feed`,
  visit: (place) => ({
    feeds: [FEED],
    pages: {
      [FEED]: xml(
        rss(place, [
          itemOf(
            place,
            STORY,
            `<enclosure url="${escapeXml(address)}" type="image/png"/><comments>${escapeXml(address)}</comments>`,
          ),
          `<item><title>Elsewhere</title><link>${escapeXml(address)}</link><guid>${escapeXml(address)}</guid></item>`,
        ]),
      ),
      [STORY]: silent(place),
    },
  }),
}));

export const scripts: Input[] = [
  ...made('', MARKUP, MARKUP_PLACES),
  ...made('an address, ', ADDRESSES, ADDRESS_PLACES),
  ...inFeeds,
];
