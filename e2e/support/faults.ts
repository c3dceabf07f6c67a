/** Faults between a page and its Registry. */
import type { ServerResponse } from 'node:http';

/** What a call to the Registry is for. */
export type Step =
  'create' | 'public' | 'join' | 'offer' | 'answer' | 'candidate' | 'room' | 'candidates' | 'close' | 'prepare';

interface Exchange {
  description?: { type: 'offer' | 'answer' };
  candidates?: unknown[];
  wait?: number;
}

/** Replaces the Registry's response, unless it decides to `forward` the request after all. */
export type Fault = (response: ServerResponse, forward: () => void) => void;

/**
 * What a call to this path with this body is for; `undefined` for the page's own files. Exchanges count as the call that
 * they replace: posting an offer or an answer, with or without candidates, posting candidates only, or reading the room.
 */
export function stepOf(path: string, body: string): Step | undefined {
  if (path === '/exchange') {
    const { description, candidates, wait } = JSON.parse(body) as Exchange;
    if (description) return description.type;
    if (candidates) return 'candidate';
    return wait === undefined ? 'prepare' : 'room';
  }
  if (path === '/rooms') return 'create';
  const match = /^\/rooms\/[^/]+(?:\/(\w+))?$/.exec(path);
  return match ? ((match[1] ?? 'room') as Step) : undefined;
}

/** A fixed response. */
export function answer(status: number, body: string, type = 'application/json'): Fault {
  return (response) => response.writeHead(status, { 'content-type': type }).end(body);
}

/** The Registry's response with one text in place of another, which has to be as long. */
export function changed(from: string, to: string): Fault {
  if (from.length !== to.length) throw new Error('the length of the response is already known');
  return (response, forward) => {
    const end = response.end.bind(response);
    response.end = ((body?: Buffer) => end(body?.toString().replaceAll(from, to))) as typeof response.end;
    forward();
  };
}

/** Breaks the connection before there is a response. */
export const drop: Fault = (response) => response.socket?.destroy();

/** The Registry's own response, so many milliseconds late. */
export const late =
  (ms: number): Fault =>
  (_, forward) =>
    void setTimeout(forward, ms);

const envelope = (code: string, more = {}) =>
  JSON.stringify({ error: { code, message: 'injected by a test', retryable: true, ...more } });

export const rateLimitedFor = (seconds: number) =>
  answer(429, envelope('rate_limited', { retryAfterSec: seconds }));
export const rateLimited = answer(429, envelope('rate_limited'));
export const internalError = answer(500, envelope('internal_error'));
/** The response of a captive portal or a misconfigured proxy: a success that is not JSON. */
export const rubbish = answer(200, '<!doctype html><title>Please log in</title>', 'text/html');
