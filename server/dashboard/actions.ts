import type { Context as Request } from 'hono';
import { SourcelinkError } from '../../config/errors.js';
import { ACTIONS } from '../api/actions.js';
import type { ApiContext } from '../api/endpoint.js';
import { audited } from '../api/routes.js';

/** What each button does, and how the page confirms it. Actions run through the API, so its record lists them too. */
const BUTTONS: Record<string, { params?: string; said: (subject: string) => string }> = {
  visitSource: { params: 'source', said: (s) => `The next free worker will visit ${s}.` },
  pauseSource: { params: 'source', said: (s) => `${s} is paused.` },
  resumeSource: { params: 'source', said: (s) => `Visits to ${s} have resumed.` },
  pauseSink: { params: 'sink', said: (s) => `Deliveries to ${s} are paused.` },
  resumeSink: { params: 'sink', said: (s) => `Deliveries to ${s} have resumed.` },
  retryDead: {
    said: (s) => `Sourcelink will retry the ${s.includes(',') ? 'pages' : 'page'} from the stage that failed.`,
  },
};

/** Performs the action of a button. @returns the confirmation @throws HTTP_BAD_REQUEST, and what the action throws */
export async function press(ctx: ApiContext, c: Request, action: string, subject: string): Promise<string> {
  const button = Object.hasOwn(BUTTONS, action) ? BUTTONS[action] : undefined;
  const endpoint = ACTIONS.find((a) => a.id === action);
  if (!button || !endpoint) throw unclear();
  const params = endpoint.params.safeParse(button.params === undefined ? {} : { [button.params]: subject });
  const ids = subject.split(',').map(Number);
  const body = endpoint.body?.safeParse(button.params === undefined ? { ids } : undefined);
  if (!params.success || body?.success === false) throw unclear();
  const given = await audited(ctx, c, endpoint, { params: params.data, query: {}, body: body?.data });
  if ('problem' in given) throw given.problem;
  return button.said(subject);
}

const unclear = (): SourcelinkError =>
  new SourcelinkError('HTTP_BAD_REQUEST', 'The server does not recognise this form.', {
    hint: 'Go back, reload the page and try again.',
  });
