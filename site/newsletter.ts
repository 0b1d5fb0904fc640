import { Cron } from 'croner';
import type { Chrome } from './chrome.js';
import { askLetter, issueLetter, LEAVE } from './mail/letters.js';
import type { Mail, Mailer } from './mail/message.js';
import type { Signer } from './signature.js';
import type { SiteDb } from './store/database.js';
import { articlesBetween, lastIssueAt, writeIssue } from './store/issues.js';
import { type DueMail, mailFailed, mailSent, takeMail } from './store/outbox.js';

/** An issue that is later than this is skipped, in milliseconds. */
const LATE_MS = 12 * 3_600_000;
const BATCH = 20;
const TICK_MS = 15_000;

export type Newsletter = {
  /** Writes the issue that is due and sends waiting mail. A timer calls it every 15 seconds. */
  tick(): Promise<void>;
  /** The address where a reader confirms or unsubscribes. */
  link(what: 'confirm' | 'leave', subscriberId: string): string;
  holds(what: 'confirm' | 'leave', subscriberId: string, signature: string): boolean;
  close(): Promise<void>;
};

/** The newsletter: writes issues at their times and sends mail from the outbox. Null when it is switched off. */
export function openNewsletter(options: {
  db: SiteDb;
  chrome: Chrome;
  mailer: Mailer | null;
  sign: Signer;
  now: () => Date;
  log: (line: object, text: string) => void;
}): Newsletter | null {
  const { db, chrome, mailer, sign, now, log } = options;
  const settings = chrome.config.newsletter;
  if (!settings || mailer === null) return null;
  const times = new Cron(settings.cron, { timezone: chrome.config.timezone, paused: true });

  const newsletter: Newsletter = {
    async tick() {
      await issue();
      await send();
    },
    link: (what, id) => `${chrome.publicUrl}/newsletter/${what}?id=${id}&sig=${sign.sign(`newsletter ${what}`, id)}`,
    holds: (what, id, signature) => sign.holds(`newsletter ${what}`, id, signature),
    async close() {
      clearInterval(timer);
      times.stop();
      await under;
      await mailer.close();
    },
  };

  async function issue(): Promise<void> {
    const last = await lastIssueAt(db);
    // The first issue starts here: nobody wants everything that arrived before the newsletter existed.
    if (last === null) return void (await writeIssue(db, now(), { subject: '', text: '', html: '', articles: 0 }));
    const [due] = times.previousRuns(1, now());
    if (!due || due <= last || now().getTime() - due.getTime() > LATE_MS) return;
    const cards = await articlesBetween(db, last, due, settings?.articles ?? 0);
    const mails = await writeIssue(db, due, issueLetter(chrome, cards, due));
    if (mails !== null) log({ issue: due, articles: cards.length, mails }, 'wrote an issue of the newsletter');
  }

  async function send(): Promise<void> {
    for (;;) {
      const due = await takeMail(db, now(), BATCH);
      for (const mail of due) {
        try {
          await mailer?.send(letterOf(mail));
          await mailSent(db, mail.id);
        } catch (error) {
          const fault = error instanceof Error ? error.message : String(error);
          const how = await mailFailed(db, mail, fault, now());
          log({ mail: mail.id, tries: mail.tries, how, fault }, 'could not send mail');
        }
      }
      if (due.length < BATCH) return;
    }
  }

  function letterOf(due: DueMail): Mail {
    const common = { id: due.id, from: settings?.from ?? '', to: due.to, date: now() };
    if (due.subject === null)
      return { ...common, ...askLetter(chrome, newsletter.link('confirm', due.subscriberId)), leaveUrl: null };
    const leaveUrl = newsletter.link('leave', due.subscriberId);
    return {
      ...common,
      subject: due.subject,
      text: (due.text ?? '').replaceAll(LEAVE, leaveUrl),
      html: (due.html ?? '').replaceAll(LEAVE, leaveUrl.replaceAll('&', '&amp;')),
      leaveUrl,
    };
  }

  let under: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    under = newsletter
      .tick()
      .catch((error) => log({ fault: error instanceof Error ? error.message : String(error) }, 'newsletter failed'))
      .finally(() => {
        busy = false;
      });
  }, TICK_MS);
  return newsletter;
}
