import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright';
import { SourcelinkError } from '../../config/errors.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** What keeps Chromium from talking to anybody on its own, beside or around its proxy. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-client-side-phishing-detection',
  '--disable-quic',
  '--dns-prefetch-disable',
  '--no-pings',
  '--no-first-run',
  '--mute-audio',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  // Names are looked up by the proxy alone.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--js-flags=--max-old-space-size=512',
];

/**
 * Path of a Chromium: `SOURCELINK_BROWSER`, else the system's, else the one that Playwright installed, else null.
 * @throws SourcelinkError `CONFIG_ENV` when the named one does not exist
 */
export function findBrowser(named: string | null): string | null {
  if (named) {
    if (existsSync(named)) return named;
    throw new SourcelinkError('CONFIG_ENV', `SOURCELINK_BROWSER names ${named}, which does not exist`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const candidates = [...NAMES.flatMap((n) => folders.map((f) => join(f, n))), ...PLACES];
  return candidates.find((path) => existsSync(path)) ?? installedByPlaywright();
}

function installedByPlaywright(): string | null {
  try {
    const path = (
      createRequire(import.meta.url)('playwright') as typeof import('playwright')
    ).chromium.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** @throws SourcelinkError `FETCH_BROWSER` */
export async function launchChromium(executablePath: string): Promise<Browser> {
  const { chromium } = await import('playwright');
  try {
    return await chromium.launch({
      executablePath,
      headless: true,
      // Chromium's sandbox needs a user other than root.
      chromiumSandbox: process.getuid?.() !== 0,
      // Contexts name their own; whatever belongs to none gets a port where nobody listens.
      proxy: { server: 'http://127.0.0.1:9' },
      args: QUIET,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: 30_000,
    });
  } catch (cause) {
    throw new SourcelinkError('FETCH_BROWSER', `Chromium at ${executablePath} does not start`, { cause });
  }
}
