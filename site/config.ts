import { existsSync, readFileSync } from 'node:fs';
import { Cron } from 'croner';
import { parse } from 'yaml';
import { z } from 'zod';
import { contrastOf } from './contrast.js';
import { folded } from './desk-door.js';
import { HASH } from './password.js';

/** Backgrounds of the two themes, as in assets/site.css. */
export const PAPER = { light: '#ffffff', dark: '#14171c' } as const;

const colour = (on: string) =>
  z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'write a colour as #rrggbb')
    .refine((c) => contrastOf(c, on) >= 4.5, {
      error: (issue) =>
        `its contrast with ${on} is ${contrastOf(String(issue.input), on).toFixed(1)}; text needs 4.5 (WCAG 2.2, AA)`,
    });

const link = z
  .string()
  .regex(/^(https?:\/\/|mailto:|\/(?!\/))/, 'write an address with https://, mailto:, or a path of this site');

/** `site.yaml`: how the reference site looks and what it puts where. Everything has a default. */
export const SiteConfig = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).optional().describe('Instead of `site.name` of sourcelink.yaml.'),
  tagline: z.string().default('News from many outlets, each with its source').describe('Beside the name.'),
  about: z
    .string()
    .default(
      'Articles here come from the outlets that published them first. Each one names its source and leads there.',
    )
    .describe('A few sentences for the foot of each page.'),
  language: z.string().default('en').describe('Of the words around the articles, and for dates (BCP 47).'),
  timezone: z
    .string()
    .default('UTC')
    .refine((zone) => isTimezone(zone), 'name a time zone such as Europe/Paris')
    .describe('In which dates are shown.'),
  colours: z
    .strictObject({
      accent: colour(PAPER.light).default('#a3162e').describe('Links and marks in the light theme.'),
      accentDark: colour(PAPER.dark).default('#ff8a94').describe('The same in the dark theme.'),
    })
    .prefault({}),
  logo: z
    .string()
    .optional()
    .describe('Picture beside the name: SVG, PNG, JPEG, GIF, WebP or AVIF up to 200 KB; relative to site.yaml.'),
  panels: z.array(z.string()).optional().describe('Category paths with a panel on the front page; else the top ones.'),
  picks: z.array(z.string()).default([]).describe('Source ids for Our Picks; else the newest of each source.'),
  comments: z
    .boolean()
    .default(false)
    .describe('Readers may write below articles; each comment is shown when an editor has approved it.'),
  newsletter: z
    .strictObject({
      from: z
        .string()
        .regex(/^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'write Name <address@your.domain>')
        .describe('Who it comes from.'),
      cron: z
        .string()
        .default('0 7 * * *')
        .refine((text) => isCron(text), 'write five cron fields such as 0 7 * * *')
        .describe('When an issue is written, in `timezone`.'),
      articles: z.int().min(1).max(50).default(10).describe('At most, in one issue.'),
    })
    .optional()
    .describe('Readers may subscribe to a digest; each confirms by mail. Off when left out.'),
  editors: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(80).describe('As the journal shows it.'),
        password: z.string().regex(HASH, 'write what `sourcelink site password` prints').describe('Its hash.'),
      }),
    )
    .default([])
    .refine((all) => new Set(all.map((e) => folded(e.name))).size === all.length, 'two editors have the same name')
    .describe("Who may enter the editor's desk, each with a password of their own; it opens when somebody may."),
  perPage: z.int().min(5).max(100).default(20).describe('Articles on one page of a list.'),
  proxies: z
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('Reverse proxies in front of the site; their X-Forwarded-For then says who a reader is.'),
  links: z
    .array(z.strictObject({ label: z.string().min(1), href: link }))
    .default([])
    .describe('More links at the foot, e.g. accounts elsewhere.'),
  pages: z
    .string()
    .optional()
    .describe('Folder with about.md, contact.md, … instead of the shipped ones; relative to site.yaml.'),
});
export type SiteConfig = z.infer<typeof SiteConfig>;

/** What the operator set cannot be; the message says what and how to fix it. */
export class SiteConfigError extends Error {}

/** Reads `site.yaml` when it exists, else gives the defaults. @throws SiteConfigError with file, fields and reasons */
export function readSiteConfig(file: string | null): SiteConfig {
  if (file === null || !existsSync(file)) return SiteConfig.parse({});
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, 'utf8')) ?? {};
  } catch (cause) {
    throw new SiteConfigError(`${file} is no YAML: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const read = SiteConfig.safeParse(raw);
  if (read.success) return read.data;
  const flaws = read.error.issues.map((i) => `  ${i.path.join('.') || 'file'}: ${i.message}`);
  throw new SiteConfigError(`${file} is wrong:\n${flaws.join('\n')}\nCorrect it at the fields named.`);
}

function isCron(text: string): boolean {
  try {
    return text.trim().split(/\s+/).length === 5 && new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
