import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAllowList } from '../../../extractors/output/allow-list.js';
import { sanitize } from '../../../extractors/output/sanitize.js';

const base = 'https://news.example/2026/story.html';
const clean = (html: string) => sanitize(html, base).html;

const golden: [string, string, string][] = [
  [
    'keeps what an article is made of',
    '<p>One <em>two</em> <strong>three</strong><br>four</p><h3>Five</h3><hr><pre>a\n  b</pre>',
    '<p>One <em>two</em> <strong>three</strong><br>four</p><h3>Five</h3><hr><pre>a\n  b</pre>',
  ],
  ['makes h1 an h2', '<h1>Head</h1>', '<h2>Head</h2>'],
  [
    'drops styles, classes, ids, data and events',
    '<p class="a" id="b" style="color:red" data-x="1" onclick="x()">t</p>',
    '<p>t</p>',
  ],
  [
    'drops scripts, styles and forms with their content',
    '<p>a</p><script>x</script><style>y</style><form><input value="z"><button>go</button></form>',
    '<p>a</p>',
  ],
  [
    'unwraps boxes and makes their text paragraphs',
    '<div>one<div>two</div>three <b>four</b></div>',
    '<p>one</p><p>two</p><p>three <b>four</b></p>',
  ],
  ['unwraps unknown elements', '<x-story><p>a</p></x-story><font>b</font>', '<p>a</p><p>b</p>'],
  [
    'drops empty blocks',
    '<p></p><p> &nbsp;<br></p><div><span></span></div><ul><li></li></ul><h2> </h2><p>x</p>',
    '<p>x</p>',
  ],
  [
    'keeps language and direction',
    '<p lang="ar" dir="RTL">x</p><p lang="javascript:" dir="up">y</p>',
    '<p lang="ar" dir="rtl">x</p><p>y</p>',
  ],
  ['escapes text', '<p>1 &lt; 2 &amp; 3 &gt; 2&nbsp;"q"</p>', '<p>1 &lt; 2 &amp; 3 &gt; 2&nbsp;"q"</p>'],
  ['drops control characters and halves of surrogates', '<p>a\u0007b\ud800c</p>', '<p>ab\ufffdc</p>'],
  [
    'takes blocks out of paragraphs and of inline elements',
    '<p>a<em>b<blockquote>c</blockquote>d</em></p>',
    '<p>a<em>b</em></p><blockquote><p>c</p></blockquote><p><em>d</em></p>',
  ],
  // Links
  [
    'makes links absolute',
    '<p><a href="/x?a=1&b=2#c">t</a></p>',
    '<p><a href="https://news.example/x?a=1&amp;b=2#c" rel="noopener external">t</a></p>',
  ],
  [
    'keeps mailto',
    '<p><a href="mailto:desk@news.example">t</a></p>',
    '<p><a href="mailto:desk@news.example" rel="noopener external">t</a></p>',
  ],
  [
    'unlinks what leads nowhere',
    '<p><a href="javascript:x()">a</a><a href="#n">b</a><a name="q">c</a><a href="data:,x">d</a><a href="https://">e</a></p>',
    '<p>abcde</p>',
  ],
  ['unlinks a place on the same page', '<p><a href="https://news.example/2026/story.html#note">1</a></p>', '<p>1</p>'],
  [
    'keeps the outer of two nested links from splitting',
    '<p><a href="/a">x <span><a href="/b">y</a></span></a></p>',
    '<p>x <a href="https://news.example/b" rel="noopener external">y</a></p>',
  ],
  [
    'drops rel and target of the page',
    '<p><a rel="opener" target="_blank" href="/a" title="T">x</a></p>',
    '<p><a href="https://news.example/a" title="T" rel="noopener external">x</a></p>',
  ],
  // Images
  [
    'frames a picture that stands alone',
    '<p><img src="a.jpg" alt="A &quot;b&quot;" width="640" height="480" onload="x"></p>',
    '<figure><img src="https://news.example/2026/a.jpg" alt="A &quot;b&quot;" width="640" height="480"></figure>',
  ],
  [
    'keeps caption and credit of a figure',
    '<figure class="x"><div><img src="/a.jpg"></div><figcaption><p>By the <i>sea</i>.</p><span>Photo: Ana</span></figcaption></figure>',
    '<figure><img src="https://news.example/a.jpg" alt=""><figcaption>By the <i>sea</i>. Photo: Ana</figcaption></figure>',
  ],
  [
    'resolves lazy images',
    '<p>t <img src="data:image/gif;base64,R0" data-src="/lazy.jpg"></p>',
    '<p>t <img src="https://news.example/lazy.jpg" alt=""></p>',
  ],
  [
    'takes the widest sensible candidate',
    '<p>t <img src="/s.jpg" srcset="/w,_300.jpg 300w, /w,_1600.jpg 1600w, /w_5000.jpg 5000w"></p>',
    '<p>t <img src="https://news.example/w,_1600.jpg" alt=""></p>',
  ],
  [
    'reads a picture element',
    '<picture><source srcset="/a.webp 2x"><img alt="A"></picture>',
    '<figure><img src="https://news.example/a.webp" alt="A"></figure>',
  ],
  [
    'reads noscript where a script would have put the image',
    '<p>x</p><div><img src="data:,"><noscript><img src="/n.jpg"></noscript></div>',
    '<p>x</p><figure><img src="https://news.example/n.jpg" alt=""></figure>',
  ],
  [
    'shows an image once',
    '<img src="/a.jpg"><noscript><img src="/a.jpg"></noscript><p>x</p><img src="/a.jpg">',
    '<figure><img src="https://news.example/a.jpg" alt=""></figure><p>x</p>',
  ],
  [
    'drops tracking pixels',
    '<p>x<img src="https://t.example/i.gif" width="1" height="1"><img src="https://b.scorecardresearch.com/p?c1=2"><img style="width:1px" src="/q.png"></p>',
    '<p>x</p>',
  ],
  [
    'drops a figure that has lost its picture',
    '<figure><img src="data:,"><figcaption>Gone</figcaption></figure><p>x</p>',
    '<p>x</p>',
  ],
  // Embeds
  [
    'turns players into links',
    '<p>a</p><iframe src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0"></iframe>',
    '<p>a</p><p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" rel="noopener external">Video: youtube-nocookie.com</a></p>',
  ],
  [
    'turns a film file into a link',
    '<video poster="/p.jpg"><source src="/film.mp4"></video>',
    '<p><a href="https://news.example/film.mp4" rel="noopener external">Video: news.example</a></p>',
  ],
  [
    'turns other frames into links, not those of advertisers',
    '<iframe data-src="//datawrapper.dwcdn.net/x/1/"></iframe><iframe src="https://ad.doubleclick.net/x"></iframe><iframe src="about:blank"></iframe>',
    '<p><a href="https://datawrapper.dwcdn.net/x/1/" rel="noopener external">Embedded: datawrapper.dwcdn.net</a></p>',
  ],
  // Structures
  [
    'repairs lists',
    '<ul><li>a<li><div>b</div><p>c</p><ul><li>d</ul></li><div><li>e</li></div>f</ul><li>g</li>',
    '<ul><li>a</li><li><p>b</p><p>c</p><ul><li>d</li></ul></li><li>e</li><li>f</li></ul><p>g</p>',
  ],
  ['keeps numbering', '<ol start="3" type="a"><li>c</li></ol>', '<ol start="3"><li>c</li></ol>'],
  ['repairs definitions', '<dl><div><dt><p>T</p></dt><dd>D</dd></div></dl>', '<dl><dt>T</dt><dd>D</dd></dl>'],
  [
    'repairs tables',
    '<table border="1"><caption>C</caption><tr><th colspan="2" scope="col">H</th></tr><tr><td>a</td><td><p>b</p><p>c</p></td></tr></table>',
    '<table><caption>C</caption><tbody><tr><th colspan="2">H</th></tr><tr><td>a</td><td><p>b</p><p>c</p></td></tr></tbody></table>',
  ],
  ['drops tables that show nothing', '<table><tr><td>&nbsp;</td></tr></table><p>x</p>', '<p>x</p>'],
  [
    'keeps quotations and their sources',
    '<blockquote cite="/src"><p>q</p><footer>— <cite>W</cite></footer></blockquote>',
    '<blockquote cite="https://news.example/src"><p>q</p><p>— <cite>W</cite></p></blockquote>',
  ],
  [
    'keeps time and changes',
    '<p><time datetime="2026-01-02">Friday</time> <del datetime="2026">a</del> <ins cite="/c">b</ins></p>',
    '<p><time datetime="2026-01-02">Friday</time> <del datetime="2026">a</del> <ins cite="https://news.example/c">b</ins></p>',
  ],
];

describe('sanitize', () => {
  it.each(golden)('%s', (_, dirty, expected) => {
    expect(clean(dirty)).toBe(expected);
  });

  it.each(golden)('changes nothing the second time where it %s', (_, dirty) => {
    expect(clean(clean(dirty))).toBe(clean(dirty));
  });

  it('tells of the pictures that it kept', () => {
    const html =
      '<figure><img src="/a.jpg" alt="A" width="800" height="600"><figcaption>Sea. Photo: Ana Lima</figcaption></figure>';
    expect(sanitize(html, base).pictures).toEqual([
      { url: 'https://news.example/a.jpg', alt: 'A', width: 800, height: 600, caption: 'Sea. Photo: Ana Lima' },
    ]);
  });

  it('cannot be tricked with its own marks', () => {
    const long = 'A long enough stretch of text that is put aside.';
    const html = `<p><b>${long}</b> \ue0000\ue001 <a href="/x" title="\ue0000\ue001">${long}</a></p>`;
    expect(clean(html)).toBe(
      `<p><b>${long}</b> 0 <a href="https://news.example/x" title="0" rel="noopener external">${long}</a></p>`,
    );
  });

  it('gives any soup of tags an output that stays the same, from the allow-list alone too', () => {
    const tags =
      'p div span a em b i ul ol li dl dt dd table tr td th tbody thead caption figure figcaption img blockquote pre h1 h2 br hr picture noscript svg iframe x-y'.split(
        ' ',
      );
    const attributes = [
      '',
      ' href="/l"',
      ' src="/i.jpg"',
      ' lang="en"',
      ' width=1',
      ' href="javascript:1"',
      ' title="<x>&quot;"',
      ' src=//v.example/e',
    ];
    const piece = fc.oneof(
      fc.constantFrom(...tags).chain((t) => fc.constantFrom(...attributes).map((a) => `<${t}${a}>`)),
      fc.constantFrom(...tags).map((t) => `</${t}>`),
      fc.constantFrom(
        'text ',
        ' ',
        '\n',
        '&nbsp;',
        '&lt;b&gt;',
        'a longer run of text, longer than the marks need',
        '<!--c-->',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const once = clean(pieces.join(''));
        expect(clean(once)).toBe(once);
        expect(toAllowList(once, base).html).toBe(once);
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
