/** What can go wrong between a page and its Registry. */
import type { ServerResponse } from 'node:http';

/** One of the Registry's nine calls. */
export type Step =
  'create' | 'public' | 'join' | 'offer' | 'answer' | 'candidate' | 'room' | 'candidates' | 'close';

/** Takes the place of the Registry's answer, unless it chooses to `forward` the request after all. */
export type Fault = (response: ServerResponse, forward: () => void) => void;

/** Which call a path belongs to; `undefined` for the page's own files. */
export function stepOf(path: string): Step | undefined {
  if (path === '/rooms') return 'create';
  const match = /^\/rooms\/[^/]+(?:\/(\w+))?$/.exec(path);
  return match ? ((match[1] ?? 'room') as Step) : undefined;
}

/** Some other answer than the Registry's own. */
export function answer(status: number, body: string, type = 'application/json'): Fault {
  return (response) => response.writeHead(status, { 'content-type': type }).end(body);
}

/** The connection breaks before there is an answer. */
export const drop: Fault = (response) => response.socket?.destroy();

const envelope = (code: string, more = {}) =>
  JSON.stringify({ error: { code, message: 'a test wants it so', retryable: true, ...more } });

export const rateLimitedFor = (seconds: number) =>
  answer(429, envelope('rate_limited', { retryAfterSec: seconds }));
export const rateLimited = answer(429, envelope('rate_limited'));
export const internalError = answer(500, envelope('internal_error'));
/** What a captive portal or a misconfigured proxy says: a success that is not JSON. */
export const rubbish = answer(200, '<!doctype html><title>Please log in</title>', 'text/html');
