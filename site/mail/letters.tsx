import { type Chrome, labelOf, to } from '../chrome.js';
import type { Card } from '../store/cards.js';
import type { IssueText } from '../store/issues.js';

/** Placeholder in an issue for the address where this reader unsubscribes. */
export const LEAVE = 'https://leave.invalid/';

type Letter = { subject: string; text: string; html: string };

const FRAME =
  'margin:0;padding:24px 12px;background:#f4f5f7;color:#16191d;font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,sans-serif';
const SHEET = 'max-width:600px;margin:0 auto;padding:28px;background:#ffffff;border-radius:6px';
const SERIF = 'font-family:Charter,Cambria,Georgia,serif';

/** Asks the owner of an address to confirm the subscription. */
export function askLetter(chrome: Chrome, confirmUrl: string): Letter {
  const { name } = chrome;
  return {
    subject: `Confirm your subscription to ${name}`,
    text: `Someone, we hope you, subscribed this address to the newsletter of ${name}.\n\nTo receive it, open this page and confirm:\n${confirmUrl}\n\nIf it was not you, ignore this message. We will not write again, and we will delete your address within a week.\n`,
    html: documentOf(
      <Sheet chrome={chrome}>
        <p>Someone, we hope you, subscribed this address to the newsletter of {name}.</p>
        <p style="margin:24px 0">
          <a
            href={confirmUrl}
            style={`display:inline-block;padding:12px 20px;background:${chrome.config.colours.accent};color:#ffffff;border-radius:4px;font-weight:600;text-decoration:none`}
          >
            Confirm subscription
          </a>
        </p>
        <p style="color:#545b66;font-size:14px">
          If it was not you, ignore this message. We will not write again, and we will delete your address within a
          week.
        </p>
      </Sheet>,
    ),
  };
}

/** An issue of the newsletter; each article has its Source link. `LEAVE` is replaced for each reader when it is sent. */
export function issueLetter(chrome: Chrome, cards: Card[], at: Date): IssueText {
  const day = chrome.date(at);
  const page = (card: Card): string => chrome.publicUrl + to.article(card.slug);
  const [first] = cards;
  const text = cards.map(
    (c) =>
      `${c.title}\n${c.source.name}${c.excerpt === '' ? '' : `\n\n${c.excerpt}`}\n\nRead: ${page(c)}\nSource link: ${c.canonicalUrl}\n`,
  );
  return {
    subject: first ? `${chrome.name}: ${first.title}` : chrome.name,
    articles: cards.length,
    text: `${chrome.name}, ${day}\n\n${text.join('\n')}\n--\nTo unsubscribe: ${LEAVE}\n`,
    html: documentOf(
      <Sheet chrome={chrome}>
        <p style="margin:0 0 20px;color:#545b66">{day}</p>
        {cards.map((card) => (
          <div style="padding:18px 0;border-top:1px solid #d9dde3">
            {card.category && (
              <p
                style={`margin:0 0 4px;color:${chrome.config.colours.accent};font-size:12px;font-weight:700;letter-spacing:.04em;text-transform:uppercase`}
              >
                {labelOf(chrome, card.category)}
              </p>
            )}
            <h2
              style={`margin:0;font-size:20px;line-height:1.25;${SERIF}`}
              lang={card.language ?? undefined}
              dir="auto"
            >
              <a href={page(card)} style="color:#16191d;text-decoration:none">
                {card.title}
              </a>
            </h2>
            {card.excerpt !== '' && (
              <p style="margin:8px 0 0" lang={card.language ?? undefined} dir="auto">
                {card.excerpt}
              </p>
            )}
            <p style="margin:8px 0 0;color:#545b66;font-size:14px">
              {card.source.name} ·{' '}
              <a href={card.canonicalUrl} style={`color:${chrome.config.colours.accent};font-weight:600`}>
                Source link
              </a>
            </p>
          </div>
        ))}
        <p style="margin:24px 0 0;padding-top:18px;border-top:1px solid #d9dde3;color:#545b66;font-size:13px">
          You receive this newsletter because you subscribed at <a href={chrome.publicUrl}>{chrome.name}</a>. Each
          article belongs to its publisher. <a href={LEAVE}>Unsubscribe</a>
        </p>
      </Sheet>,
    ),
  };
}

function Sheet({ chrome, children }: { chrome: Chrome; children?: unknown }) {
  return (
    <html lang={chrome.config.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{chrome.name}</title>
      </head>
      <body style={FRAME}>
        <div style={SHEET}>
          <p style={`margin:0 0 6px;font-size:26px;font-weight:800;${SERIF}`}>
            <a href={chrome.publicUrl} style="color:#16191d;text-decoration:none">
              {chrome.name}
            </a>
          </p>
          {children}
        </div>
      </body>
    </html>
  );
}

const documentOf = (page: unknown): string => `<!doctype html>\n${String(page)}`;
