import { existsSync, readFileSync } from 'node:fs';
import { Cron } from 'croner';
import { parse } from 'yaml';
import { z } from 'zod';
import { contrastOf } from './contrast.js';
import { folded } from './desk-door.js';
import { HASH } from './password.js';

/** Background colours of the two themes, as in assets/css/1-base.css. */
export const PAPER = { light: '#ffffff', dark: '#14171c' } as const;

const colour = (on: string) =>
  z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'write a colour as #rrggbb')
    .refine((c) => contrastOf(c, on) >= 4.5, {
      error: (issue) =>
        `its contrast with ${on} is ${contrastOf(String(issue.input), on).toFixed(1)}, but text needs at least 4.5 (WCAG 2.2, AA)`,
    });

const link = z
  .string()
  .regex(
    /^(https?:\/\/|mailto:|\/(?!\/))/,
    'write an address with https:// or mailto:, or a path on this site that starts with /',
  );

/** `site.yaml`: how the reference site looks and what it shows. Every field has a default or is optional. */
export const SiteConfig = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).optional().describe('Name of the site. Default: `site.name` from sourcelink.yaml.'),
  tagline: z
    .string()
    .default('News from many outlets, with a link to every source')
    .describe('Short line beside the name.'),
  about: z
    .string()
    .default(
      'Each article comes from the outlet that published it first. It names its source and links to the original.',
    )
    .describe('A few sentences for the footer of each page.'),
  language: z.string().default('en').describe('Language code of the site (BCP 47). It also sets the format of dates.'),
  timezone: z
    .string()
    .default('UTC')
    .refine((zone) => isTimezone(zone), 'write a time zone such as Europe/Paris')
    .describe('Time zone for dates and for `newsletter.cron`.'),
  colours: z
    .strictObject({
      accent: colour(PAPER.light)
        .default('#a3162e')
        .describe('Colour of links and highlights in the light theme. Its contrast with white must be at least 4.5.'),
      accentDark: colour(PAPER.dark)
        .default('#ff8a94')
        .describe('The same colour for the dark theme. Its contrast with #14171c must be at least 4.5.'),
    })
    .prefault({}),
  logo: z
    .string()
    .optional()
    .describe(
      'File with the picture beside the name: SVG, PNG, JPEG, GIF, WebP or AVIF, at most 200 KB; relative to site.yaml.',
    ),
  panels: z
    .array(z.string())
    .optional()
    .describe('Paths of the categories with a panel on the front page. Default: the top categories.'),
  picks: z
    .array(z.string())
    .default([])
    .describe('Ids of the sources for Our Picks. If empty, it shows the newest article of each source.'),
  comments: z
    .boolean()
    .default(false)
    .describe("Whether readers may comment on articles. An editor approves each comment at the editor's desk."),
  newsletter: z
    .strictObject({
      from: z
        .string()
        .regex(/^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'write Name <address@your.domain>')
        .describe('Sender of the newsletter.'),
      cron: z
        .string()
        .default('0 7 * * *')
        .refine((text) => isCron(text), 'write five cron fields such as 0 7 * * *')
        .describe('When to send an issue, in `timezone`.'),
      articles: z.int().min(1).max(50).default(10).describe('Maximum number of articles in an issue.'),
    })
    .optional()
    .describe('A digest that readers can subscribe to; each confirms by e-mail. Off when left out.'),
  editors: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(80).describe('Name in the journal.'),
        password: z
          .string()
          .regex(HASH, 'write the hash that `sourcelink site password` prints')
          .describe('Hash of the password, made with `sourcelink site password`.'),
      }),
    )
    .default([])
    .refine((all) => new Set(all.map((e) => folded(e.name))).size === all.length, 'two editors have the same name')
    .describe("Who may log in to the editor's desk, each with their own password."),
  perPage: z.int().min(5).max(100).default(20).describe('Number of articles on one page of a list.'),
  proxies: z
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe(
      'Number of reverse proxies in front of the site. If above 0, X-Forwarded-For identifies readers for the limits on forms.',
    ),
  links: z
    .array(z.strictObject({ label: z.string().min(1), href: link }))
    .default([])
    .describe('More links for the footer, e.g. to social media accounts.'),
  pages: z
    .string()
    .optional()
    .describe(
      'Folder with your own about.md, contact.md, …, which replace the pages that ship with the site; relative to site.yaml.',
    ),
});
export type SiteConfig = z.infer<typeof SiteConfig>;

/** A setting of the site is wrong. The message says which one and how to fix it. */
export class SiteConfigError extends Error {}

/** Reads `site.yaml`, or returns the defaults if the file is missing. @throws SiteConfigError with file, fields and reasons */
export function readSiteConfig(file: string | null): SiteConfig {
  if (file === null || !existsSync(file)) return SiteConfig.parse({});
  let raw: unknown;
  try {
    raw = parse(readFileSync(file, 'utf8')) ?? {};
  } catch (cause) {
    throw new SiteConfigError(`${file} is not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  const read = SiteConfig.safeParse(raw);
  if (read.success) return read.data;
  const flaws = read.error.issues.map((i) => `  ${i.path.join('.') || 'file'}: ${i.message}`);
  throw new SiteConfigError(`${file} has errors:\n${flaws.join('\n')}\nCorrect these fields.`);
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
