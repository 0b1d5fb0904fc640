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

type Document = Pick<FetchResponse, 'url' | 'status' | 'headers' | 'bytes'>;

/** What can be told to the rules of a page while it is open. */
export type PageRules = {
  /** From now on the page goes nowhere else; it may load itself again. */
  stay(): void;
};

/**
 * Decides what a page may load: its document comes from our client (robots.txt, politeness, limits), scripts, styles and
 * data through the guarded way out, everything else not at all.
 * @param fetchDocument asks the client for where a script wants to go
 */
export async function applyRules(
  page: Page,
  document: Document,
  fetchDocument: (url: string) => Promise<Document>,
): Promise<PageRules> {
  let requests = 0;
  let navigations = 0;
  let mayLeave = true;
  // By address: a page that loads itself again costs its publisher nothing.
  const documents = new Map([[document.url, document]]);
  page.on('popup', (popup) => void popup.close().catch(() => {}));
  await page.route('**/*', async (route) => {
    const request = route.request();
    if (++requests > MAX_REQUESTS) return route.abort();
    if (!request.isNavigationRequest()) return UNREAD.has(request.resourceType()) ? route.abort() : route.continue();
    // `aborted` leaves the page as it was; any other reason puts an error page in its place.
    const refuse = (): Promise<void> => route.abort('aborted');
    if (request.frame() !== page.mainFrame() || request.method() !== 'GET') return refuse();
    if (navigations++ > MAX_NAVIGATIONS) return refuse();
    const url = request.url().replace(/#.*$/s, '');
    const known = documents.get(url) ?? (navigations === 1 ? document : null);
    if (known) return fulfil(route, known);
    if (!mayLeave) return refuse();
    await fetchDocument(url).then((found) => {
      documents.set(url, found);
      return fulfil(route, found);
    }, refuse);
  });
  return {
    stay() {
      mayLeave = false;
    },
  };
}

function fulfil(route: Route, document: Document): Promise<void> {
  const headers = Object.fromEntries(Object.entries(document.headers).filter(([name]) => !OF_TRANSPORT.has(name)));
  return route.fulfill({ status: document.status, headers, body: Buffer.from(document.bytes) });
}
