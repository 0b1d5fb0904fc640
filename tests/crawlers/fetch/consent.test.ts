import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createLogger } from '../../../config/logger.js';
import { resolveSource, SourceEntry } from '../../../config/sources.js';
import { type BrowserFetcher, createBrowserFetcher } from '../../../crawlers/fetch/browser.js';
import { CONSENT_WORDS } from '../../../crawlers/fetch/consent-words.js';
import { clientFor, page, type Site, serve, settingsWith } from '../net/loopback.js';

const executablePath = inject('browser');
const words = 'The council voted on Tuesday to close the bridge for repairs. '.repeat(10);
const source = resolveSource(SourceEntry.parse({ id: 'a', name: 'A', url: 'http://example.org/', delay: '0s' }));

/** A page that writes its text only after a button of its dialog was pressed; `pressed` keeps which, in order. */
function wall(buttons: string, options: { about?: string; dialog?: string; on?: string; text?: string } = {}): string {
  const { about = 'We and our partners use cookies.', on = 'true' } = options;
  const dialog = options.dialog ?? 'role="dialog" style="position:fixed;inset:0;z-index:999;background:#fff"';
  return `<!doctype html><meta charset="utf-8"><title>x</title><main>${options.text ?? ''}</main>
  <div id="wall" ${dialog}><p>${about}</p>${buttons}</div><script>
  const pressed = [];
  document.addEventListener('click', (e) => {
    const label = e.composedPath()[0].textContent;
    pressed.push(label);
    document.body.dataset.pressed = pressed.join('|');
    if (!(${on})) return;
    document.querySelector('#wall').remove();
    document.querySelector('main').innerHTML = '<p>${words}</p>';
  });</script>`;
}
const button = (text: string, more = ''): string => `<button ${more}>${text}</button>`;

/** The question and the answers as sites of these languages put them; the second is pressed. */
const LANGUAGES: Record<string, [about: string, accept: string, reject: string]> = {
  en: ['We value your privacy', 'Accept all', 'Reject all'],
  de: ['Wir verwenden Cookies', 'Alle akzeptieren', 'Alle ablehnen'],
  fr: ['Nous respectons votre vie privée', 'Accepter & fermer', 'Continuer sans accepter'],
  es: ['Su privacidad es importante', 'Aceptar y continuar', 'Rechazar todo'],
  it: ['Informativa sui cookie', 'Accetta tutti', 'Rifiuta tutti'],
  pt: ['A sua privacidade', 'Aceitar todos', 'Rejeitar todos'],
  nl: ['Wij vragen uw toestemming', 'Akkoord', 'Alles weigeren'],
  sv: ['Vi använder cookies', 'Godkänn alla', 'Avvisa alla'],
  da: ['Vi beder om dit samtykke', 'Tillad alle', 'Afvis alle'],
  nb: ['Vi bruker informasjonskapsler (cookies)', 'Godta alle', 'Avslå alle'],
  fi: ['Käytämme evästeitä', 'Hyväksy kaikki', 'Hylkää kaikki'],
  pl: ['Dbamy o Twoją prywatność', 'Zaakceptuj wszystko', 'Odrzuć wszystko'],
  cs: ['Používáme soubory cookie', 'Přijmout vše', 'Odmítnout vše'],
  hu: ['Sütiket használunk, adatvédelmi', 'Elfogadom', 'Elutasítom'],
  ro: ['Folosim cookie-uri', 'Accept toate', 'Respinge toate'],
  el: ['Σεβόμαστε το απόρρητό σας', 'Αποδοχή όλων', 'Απόρριψη όλων'],
  tr: ['Çerez kullanıyoruz', 'Tümünü kabul et', 'Tümünü reddet'],
  ru: ['Мы используем файлы cookie', 'Принять все', 'Отклонить все'],
  uk: ['Ми використовуємо файли cookie', 'Прийняти всі', 'Відхилити всі'],
  ar: ['نستخدم ملفات تعريف الارتباط', 'قبول الكل', 'رفض الكل'],
  he: ['אנו משתמשים בעוגיות', 'אישור', 'דחיית הכל'],
  ja: ['当サイトはクッキーを使用します', '同意する', 'すべて拒否'],
  ko: ['쿠키를 사용합니다', '모두 동의', '모두 거부'],
  zh: ['我们重视您的隐私', '接受所有', '全部拒绝'],
};

describe.skipIf(!executablePath)(
  'consent walls',
  () => {
    let site: Site;
    let browser: BrowserFetcher;
    const pages = new Map<string, string>();
    const closing: { close(): Promise<unknown> }[] = [];

    beforeAll(async () => {
      site = await serve((q, a) => page(a, pages.get(q.url ?? '') ?? '<!doctype html><p>elsewhere'));
      const settings = settingsWith({ allowHosts: [site.host], timeout: '40s', browser: { pages: 5 } });
      const client = clientFor([site.host]);
      browser = createBrowserFetcher({
        executablePath: executablePath ?? '',
        settings,
        client,
        log: createLogger('silent'),
        // Nothing here comes by a timer.
        patience: { quietMs: 300, shortMs: 500 },
      });
      closing.push(browser, client, site);
    });
    afterAll(async () => {
      for (const c of closing) await c.close();
    });

    async function shown(html: string) {
      const path = `/${pages.size}`;
      pages.set(path, html);
      const { bytes } = await browser.render(source, site.origin + path);
      const found = new TextDecoder().decode(bytes).replace(/<script>[\s\S]*?<\/script>/g, '');
      return {
        pressed: /data-pressed="([^"]*)"/.exec(found)?.[1]?.replaceAll('&amp;', '&') ?? '',
        hasText: found.includes(words.trim()),
        hasDialog: found.includes('id="wall"'),
        asked: site.asked.map((q) => q.url),
      };
    }
    const passed = (pressed: string) => ({ pressed, hasText: true, hasDialog: false });

    it('knows the words of as many languages as it says', () => {
      expect(Object.keys(LANGUAGES).length).toBeGreaterThanOrEqual(15);
      for (const [language, [about, , reject]] of Object.entries(LANGUAGES)) {
        const has = (list: readonly string[], text: string) => list.some((w) => text.toLowerCase().includes(w));
        expect([language, has(CONSENT_WORDS.about, about), has(CONSENT_WORDS.reject, reject)]).toEqual([
          language,
          true,
          true,
        ]);
      }
    });

    // At the same time: most of each is waiting for a page to settle.
    it.concurrent.each(Object.entries(LANGUAGES))(
      'refuses with one press in %s',
      async (_language, [about, accept, reject]) => {
        expect(await shown(wall(button(accept) + button(reject), { about }))).toMatchObject(passed(reject));
      },
    );

    it.concurrent('takes what is necessary where nothing can be refused, and agrees where nothing else is offered', async () => {
      const necessary = button('Accept all') + button('Only necessary cookies') + button('Settings');
      expect(await shown(wall(necessary))).toMatchObject(passed('Only necessary cookies'));
      expect(await shown(wall(button('Manage options') + button('I agree')))).toMatchObject(passed('I agree'));
    });

    it.concurrent('never presses what costs money, asks for a name, or leads elsewhere', async () => {
      const paid = [
        button('Reject and subscribe'),
        button('Ablehnen und Abo abschließen'),
        button('Refuse and pay €3.99'),
        button('Accept with login'),
        '<a href="/elsewhere">Reject all</a>',
        '<form action="/elsewhere" method="get"><button>Decline</button></form>',
      ].join('');
      expect(await shown(wall(paid))).toMatchObject({ pressed: '', hasText: false, hasDialog: true });
      const one = await shown(wall(paid + button('Accept')));
      expect(one).toMatchObject(passed('Accept'));
      expect(one.asked.filter((u) => u === '/elsewhere')).toEqual([]);
    });

    it.concurrent('stays on the page when a button turns out to lead away', async () => {
      const leaves = button('Reject all', `onclick="location.href='/elsewhere'"`) + button('Accept');
      const result = await shown(wall(leaves, { on: `label === 'Accept'` }));
      expect(result).toMatchObject(passed('Reject all|Accept'));
      expect(result.asked.filter((u) => u === '/elsewhere')).toEqual([]);
    });

    it.concurrent('presses no more than twice', async () => {
      const stubborn = button('Reject all') + button('Only essential') + button('Accept all');
      expect(await shown(wall(stubborn, { on: 'false' }))).toMatchObject({
        pressed: 'Reject all|Only essential',
        hasText: false,
      });
    });

    it.concurrent('takes a dialog away unanswered where the text is there beside it', async () => {
      const banner = wall(button('Accept all') + button('Reject all'), { text: `<p>${words}</p>` });
      expect(await shown(banner)).toMatchObject(passed(''));
    });

    it.concurrent('leaves dialogs alone that do not ask for consent, and pages that only speak of it', async () => {
      const other = wall(button('OK') + button('No thanks'), { about: 'Get our newsletter every morning.' });
      expect(await shown(other)).toMatchObject({ pressed: '', hasDialog: true });
      const article = wall(button('Accept all'), { dialog: 'class="story"', about: 'How cookies track readers.' });
      expect(await shown(article)).toMatchObject({ pressed: '', hasDialog: true });
    });

    it.concurrent('finds the buttons of widespread consent software, also in a shadow tree', async () => {
      const known = wall(button('Nein', 'id="CybotCookiebotDialogBodyButtonDecline"') + button('Ja'), {
        dialog: 'class="x" style="position:fixed;inset:0"',
      });
      expect(await shown(known)).toMatchObject(passed('Nein'));
      const shadow = wall('', { about: '', dialog: '' }).replace(
        'const pressed',
        `const host = document.querySelector('#wall'); host.attachShadow({ mode: 'open' }).innerHTML =
        '<div role="dialog" style="position:fixed;inset:0;background:#fff"><p>We use cookies.</p><button data-testid="uc-accept-all-button">Sure</button><button data-testid="uc-deny-all-button">Deny</button></div>';
      const pressed`,
      );
      expect(await shown(shadow)).toMatchObject(passed('Deny'));
    });

    it.concurrent('brings a short text into view, for parts that load on sight', async () => {
      const lazy = `<!doctype html><article><p>${words.slice(0, 500)}</p><div style="height:5000px"></div><div id="end"></div></article><script>
      new IntersectionObserver(([e]) => { if (e.isIntersecting) document.querySelector('#end').innerHTML = '<p>The rest. ${words}</p>'; }).observe(document.querySelector('#end'))</script>`;
      expect((await shown(lazy)).hasText).toBe(true);
    });
  },
  120_000,
);
