import type { Page, Route } from 'playwright';
import type { FetchResponse } from '../net/client.js';

/** What is not needed to read a page. */
const UNREAD = new Set([
  'image',
  'media',
  'font',
  'texttrack',
  'manifest',
  'eventsource',
  'websocket',
  'ping',
  'cspviolationreport',
  'prefetch',
  'other',
]);
const MAX_REQUESTS = 400;
/** Documents that a script may go on to, as old single-page sites do. */
const MAX_NAVIGATIONS = 3;
/** Of a document's headers, those that speak of how it was sent, which is over. */
const OF_TRANSPORT = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'strict-transport-security',
  'alt-svc',
  'link',
  'refresh',
  'report-to',
  'nel',
]);

/**
 * Decides what a page may load: its document comes from our client (robots.txt, politeness, limits), scripts, styles and
 * data through the guarded way out, everything else not at all.
 * @param fetchDocument asks the client for where a script wants to go
 */
export async function applyRules(
  page: Page,
  document: FetchResponse,
  fetchDocument: (url: string) => Promise<FetchResponse>,
): Promise<void> {
  let requests = 0;
  let navigations = 0;
  page.on('popup', (popup) => void popup.close().catch(() => {}));
  await page.route('**/*', async (route) => {
    const request = route.request();
    if (++requests > MAX_REQUESTS) return route.abort();
    if (!request.isNavigationRequest()) return UNREAD.has(request.resourceType()) ? route.abort() : route.continue();
    if (request.frame() !== page.mainFrame() || request.method() !== 'GET') return route.abort();
    if (navigations++ === 0) return fulfil(route, document);
    if (navigations > MAX_NAVIGATIONS) return route.abort();
    await fetchDocument(request.url()).then(
      (found) => fulfil(route, found),
      // Refused or failed: the page stays what it was.
      () => route.abort(),
    );
  });
}

function fulfil(route: Route, document: FetchResponse): Promise<void> {
  const headers = Object.fromEntries(Object.entries(document.headers).filter(([name]) => !OF_TRANSPORT.has(name)));
  return route.fulfill({ status: document.status, headers, body: Buffer.from(document.bytes) });
}
