import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../extractors/dom/dom.js';

const shapeOf = (html: string) => {
  const document = parseDocument(html);
  return {
    children: Array.from(document.documentElement.children).map((e) => e.localName),
    title: document.querySelector('title')?.textContent ?? null,
    body: document.body.textContent?.replace(/\s+/g, ' ').trim(),
  };
};

describe('dom', () => {
  it('leaves an orderly page as it is', () => {
    const html = '<html lang="de"><head><title>A</title></head><body class="b"><p>x</p></body></html>';
    expect(parseDocument(`<!DOCTYPE html>${html}`).documentElement.outerHTML).toBe(html);
  });

  it.each([
    ['a bare fragment', '<p>one</p><p>two</p>', null, 'onetwo'],
    ['text alone', 'only words', null, 'only words'],
    ['an empty page', '', null, ''],
    ['a comment before everything', '<!-- c --><title>T</title><p>x</p>', 'T', 'x'],
    ['no head and no body', '<html><title>T</title><meta name="a"><div>x</div></html>', 'T', 'x'],
    ['a body without html', '<head><title>T</title></head><body><p>x</p></body>', 'T', 'x'],
    [
      'content between head and body',
      '<html><head><title>T</title></head><div>a</div><body><p>b</p></body></html>',
      'T',
      'ab',
    ],
    [
      'content in the head',
      '<html><head><title>T</title><div>a</div><meta name="late"></head><body>b</body></html>',
      'T',
      'ab',
    ],
    ['text in the head', '<html><head><title>T</title>a</head><body>b</body></html>', 'T', 'ab'],
    ['two bodies', '<html><body><p>a</p><body class="x"><p>b</p></body></body></html>', null, 'ab'],
    ['two documents', '<html><body>a</body></html><html><body>b</body></html>', null, 'ab'],
    ['content after the end', '<html><head></head><body>a</body></html><p>b</p>', null, 'ab'],
  ])('gives %s one html, head and body, and loses no content', (_, html, title, body) => {
    expect(shapeOf(html)).toEqual({ children: ['head', 'body'], title, body });
  });

  it('leaves what a whole page inside an article holds where it stands', () => {
    const html =
      '<html><head></head><body><article>a<!DOCTYPE html><html><body class="in"><p>b</p></body></html><i>c</i></article>d</body></html>';
    const { body } = parseDocument(html);
    expect(body.outerHTML).toBe('<body class="in"><article>a<p>b</p><i>c</i></article>d</body>');
  });

  it('leaves scripts and noscript of the body in the body, when the page opens it twice', () => {
    const html = '<head><title>T</title></head><body><noscript>n</noscript><p>a</p><body><p>b</p></body>';
    expect(parseDocument(html).body.innerHTML).toBe('<noscript>n</noscript><p>a</p><p>b</p>');
  });

  it('keeps the attributes of html and body where it repairs them', () => {
    const document = parseDocument('<html lang="fr"><head></head><p>a</p><body id="b"></body></html>');
    expect(document.documentElement.getAttribute('lang')).toBe('fr');
    expect(document.body.id).toBe('b');
  });

  it('takes a template out of the text, and puts a declarative shadow root in its place', () => {
    const html =
      '<body><template>hidden</template><x-a><template shadowrootmode="open"><p>shown</p></template></x-a></body>';
    expect(parseDocument(html).body.textContent).toBe('shown');
  });

  it('drops NUL characters', () => {
    expect(parseDocument('<p>a\0b</p>').body.textContent).toBe('ab');
  });

  describe('answers as linkedom does, only sooner', () => {
    const page = `<html><body><DIV id="d" class=" a  b a " STYLE="x:y"><p>one <!-- no -->two</p><svg><linearGradient></linearGradient></svg>
      <Section><p class="">three</p><x-tag>four</x-tag></Section><br><template><p>five</p></template></DIV></body></html>`;

    it('for names, classes and text', () => {
      const div = parseDocument(page).getElementById('d');
      expect([div?.tagName, div?.nodeName, div?.localName]).toEqual(['DIV', 'DIV', 'div']);
      expect([div?.className, div?.getAttribute('class'), [...(div?.classList ?? [])]]).toEqual([
        'a b',
        'a b',
        ['a', 'b'],
      ]);
      expect(div?.textContent?.replace(/\s+/g, ' ')).toBe('one two threefour');
    });

    it('for changed classes, seen by the list and by the attribute', () => {
      const div = parseDocument(page).getElementById('d') as HTMLElement;
      div.classList.add('c');
      expect([div.className, div.getAttribute('class')]).toEqual(['a b c', 'a b c']);
      div.className = 'x  y x';
      expect([div.className, div.classList.contains('y'), div.outerHTML.includes('class="x y"')]).toEqual([
        'x y',
        true,
        true,
      ]);
      div.removeAttribute('class');
      expect([div.className, div.classList.length, div.hasAttribute('class')]).toEqual(['', 0, false]);
      div.className = 'z';
      expect(div.classList.contains('z')).toBe(true);
    });

    it('for tag lists in any case, in document order', () => {
      const document = parseDocument(page);
      const names = (selector: string) => Array.from(document.querySelectorAll(selector)).map((e) => e.localName);
      expect(names('SECTION,p')).toEqual(['p', 'section', 'p']);
      expect(names('lineargradient')).toEqual(['linearGradient']);
      expect(names('p.nothing, section > p')).toEqual(['p']);
      expect(document.getElementsByTagName('P')).toHaveLength(2);
      expect(document.body.getElementsByTagName('div')).toHaveLength(1);
    });

    it('for copies and moves', () => {
      const document = parseDocument(page);
      const copy = document.body.cloneNode(true) as HTMLElement;
      expect(copy.outerHTML).toBe(document.body.outerHTML);
      const created = document.createElement('em');
      created.append('new', document.createElement('b'));
      document.body.prepend(created);
      expect(document.body.firstElementChild?.outerHTML).toBe('<em>new<b></b></em>');
      created.innerHTML = '<i>in</i>ner';
      expect([created.textContent, created.firstChild?.nodeName]).toEqual(['inner', 'I']);
    });
  });
});
