import { z } from 'zod';
import { SourcelinkError } from './errors.js';

/** What the environment says, with defaults for what it leaves out. */
export type Env = {
  /** Folder of `sources.yaml` and its companions, as written. */
  configDir: string;
  /** Folder of everything that Sourcelink writes. */
  dataDir: string;
  /** `postgres://…`, or null for PGlite in the data folder. */
  databaseUrl: string | null;
  /** `redis://…` or `postgres://…`, or null for the ledger's own database. */
  queueUrl: string | null;
  /** Path of a Chromium, or null to look for one. */
  browser: string | null;
  /** Opens the site's editor's desk; null keeps it closed. */
  deskPassword: string | null;
  /** `smtp://…` or `smtps://…`, or null when no mail can be sent. */
  smtpUrl: string | null;
  /** Opens the actions of the HTTP API; null keeps them closed. */
  apiToken: string | null;
  /** Where traces go (OTLP over HTTP); null makes none. */
  otlpEndpoint: string | null;
  /** Null when not set: each command has its own default. */
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' | null;
};

/** A connection URL is a secret as a whole: messages about it never repeat it. */
const connection = (protocols: string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `is not understood; write it as ${example}`,
  });

const POSTGRES = 'postgres://user:password@host:5432/database';
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const Variables = z.object({
  SOURCELINK_CONFIG: z.string().default('./config'),
  SOURCELINK_DATA: z.string().default('./data'),
  SOURCELINK_DATABASE_URL: connection(['postgres:', 'postgresql:'], POSTGRES).optional(),
  SOURCELINK_QUEUE_URL: connection(
    ['redis:', 'rediss:', 'postgres:', 'postgresql:'],
    `redis://host:6379/0 or ${POSTGRES}`,
  ).optional(),
  SOURCELINK_BROWSER: z.string().optional(),
  SOURCELINK_DESK_PASSWORD: z.string().min(12, 'is too short; write at least 12 characters').optional(),
  SOURCELINK_SMTP_URL: connection(['smtp:', 'smtps:'], 'smtps://user:password@host').optional(),
  SOURCELINK_API_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{24,}$/, 'is not a valid token; write at least 24 letters, digits or symbols, without spaces')
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: connection(['http:', 'https:'], 'http://collector:4318').optional(),
  SOURCELINK_LOG_LEVEL: z.enum(LEVELS, { error: `is not understood; write one of ${LEVELS.join(', ')}` }).optional(),
});

/** Reads the `SOURCELINK_…` variables. An empty one counts as not set. Throws CONFIG_ENV naming all wrong ones. */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  const set = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const read = Variables.safeParse(set);
  if (!read.success) {
    const wrong = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new SourcelinkError('CONFIG_ENV', `Some environment variables are wrong: ${wrong.join('. ')}.`, {
      hint: `Set ${[...new Set(read.error.issues.map((i) => i.path.join('.')))].join(' and ')} as described, or leave it unset.`,
    });
  }
  const v = read.data;
  return {
    configDir: v.SOURCELINK_CONFIG,
    dataDir: v.SOURCELINK_DATA,
    databaseUrl: v.SOURCELINK_DATABASE_URL ?? null,
    queueUrl: v.SOURCELINK_QUEUE_URL ?? null,
    browser: v.SOURCELINK_BROWSER ?? null,
    deskPassword: v.SOURCELINK_DESK_PASSWORD ?? null,
    smtpUrl: v.SOURCELINK_SMTP_URL ?? null,
    apiToken: v.SOURCELINK_API_TOKEN ?? null,
    otlpEndpoint: v.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    logLevel: v.SOURCELINK_LOG_LEVEL ?? null,
  };
}
