import type { Context as Request } from 'hono';
import { SourcelinkError } from '../../config/errors.js';
import { ACTIONS } from '../api/actions.js';
import type { ApiContext } from '../api/endpoint.js';
import { audited } from '../api/routes.js';

/** What a button may do, and what is said when it is done. The API does it, so that it is in its record too. */
const BUTTONS: Record<string, { params?: string; said: (subject: string) => string }> = {
  visitSource: { params: 'source', said: (s) => `${s} is visited as soon as a worker is free.` },
  pauseSource: { params: 'source', said: (s) => `${s} is paused.` },
  resumeSource: { params: 'source', said: (s) => `${s} is visited again.` },
  pauseSink: { params: 'sink', said: (s) => `Deliveries to ${s} are paused.` },
  resumeSink: { params: 'sink', said: (s) => `Deliveries to ${s} go on.` },
  retryDead: {
    said: (s) => (s.includes(',') ? 'They go back to where they failed.' : 'It goes back to where it failed.'),
  },
};

/** Does what a button stands for. @returns what to say @throws HTTP_BAD_REQUEST, and what the action throws */
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
  new SourcelinkError('HTTP_BAD_REQUEST', 'This form is not understood.', { hint: 'Go back and reload the page.' });
