import type { Article } from '../content.js';
import { rss } from '../feeds.js';
import { html, raw } from '../html.js';
import { blocksToHtml } from '../markup.js';
import { newest, type Outlet, type Page, page, picture, type Site, text } from '../outlet.js';
import { PICTURE_HEIGHT, PICTURE_WIDTH } from '../picture.js';

const path = (a: Article): string => `/p/${a.slug}`;

const STYLE = `body{margin:0;background:#0e1116;color:#dfe5ee;font:17px/1.65 system-ui,'DejaVu Sans',sans-serif}#root,.bar{max-width:740px;margin:0 auto;padding:20px}
a{color:#6cc6ff;text-decoration:none}.bar{display:flex;gap:22px;border-bottom:1px solid #263040;font-size:14px}.bar b{color:#7ff0c2;letter-spacing:.04em}
h1{font-size:34px;line-height:1.2}.meta{color:#8b97a8;font-size:14px}.lead{font-size:19px;color:#b8c3d2}img{width:100%;height:auto;border-radius:8px}figcaption{font-size:13px;color:#8b97a8}figure{margin:20px 0}blockquote{border-left:3px solid #7ff0c2;margin:20px 0;padding-left:18px}.card{border-bottom:1px solid #263040;padding:12px 0}.card p{margin:4px 0}.end{color:#8b97a8;font-size:13px;margin-top:40px}`;

/** Runs in the reader's browser: without it there is nothing to read. */
const SCRIPT = `
const el=(tag,props,...kids)=>{const e=Object.assign(document.createElement(tag),props);e.append(...kids);return e};
const root=document.getElementById('root');
async function show(){
  const slug=location.pathname.match(/^\\/p\\/([^/]+)/)?.[1];
  const data=await (await fetch(slug?'/api/articles/'+slug+'.json':'/api/articles.json')).json();
  if(!slug){root.replaceChildren(...data.map(a=>el('div',{className:'card'},el('a',{href:a.path,textContent:a.title}),el('p',{className:'meta',textContent:a.summary}))));return}
  document.title=data.title+' · Signalworks';
  const body=el('div',{className:'body'});body.innerHTML=data.html;
  const time=el('time',{dateTime:data.published,textContent:new Date(data.published).toLocaleDateString('en-US',{dateStyle:'long'})});
  const article=el('article',{},el('h1',{textContent:data.title}),el('p',{className:'meta'},el('span',{className:'byline',rel:'author',textContent:data.authors.join(', ')}),' · ',time));
  if(data.image)article.append(el('figure',{},el('img',{src:data.image.url,width:data.image.width,height:data.image.height,alt:data.image.alt}),el('figcaption',{textContent:data.image.caption+' '+data.image.credit})));
  article.append(body,el('p',{className:'end',textContent:'Signalworks is a fictional magazine. Nothing in it has been built.'}));
  root.replaceChildren(article);
}
show();`;

function shell(site: Site, changed: Date): Page {
  return page(
    html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Signalworks</title>
<link rel="alternate" type="application/rss+xml" title="Signalworks" href="${site.origin}/index.xml"><style>${raw(STYLE)}</style></head>
<body><div class="bar"><b>SIGNALWORKS</b><a href="/">Latest</a></div><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script>${raw(SCRIPT)}</script></body></html>`,
    changed,
  );
}

const data = (value: unknown, modified: Date): Page => ({
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
  modified,
});

const full = (a: Article): unknown => ({
  title: a.title,
  authors: a.authors,
  published: a.publishedAt.toISOString(),
  html: blocksToHtml(a.blocks).text,
  image: a.image && { ...a.image, url: `/media/${a.slug}.png`, width: PICTURE_WIDTH, height: PICTURE_HEIGHT },
});

/** An empty shell that a script fills from JSON; its feed tells titles and links only. */
export const signalworks: Outlet = {
  id: 'signalworks',
  name: 'Signalworks',
  about: 'RSS; pages are empty until a browser runs their script',
  entry: { republish: 'excerpt' },
  path,
  build(site) {
    return new Map<string, Page>([
      ['/', shell(site, newest(site))],
      [
        '/index.xml',
        rss(site, (a) => site.origin + path(a), { description: 'Technology and who pays for it', language: 'en' }),
      ],
      ['/robots.txt', text('User-agent: *\nAllow: /\n', newest(site))],
      [
        '/api/articles.json',
        data(
          site.articles.map((a) => ({ path: path(a), title: a.title, summary: a.summary })),
          newest(site),
        ),
      ],
      ...site.articles.flatMap((a): [string, Page][] => [
        [path(a), shell(site, a.publishedAt)],
        [`/api/articles/${a.slug}.json`, data(full(a), a.publishedAt)],
        [`/media/${a.slug}.png`, picture(a)],
      ]),
    ]);
  },
};
