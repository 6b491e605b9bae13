import { LOCAL_VARIABLE } from './contract';
import type { Send } from './http';

/** PUTs to the URL that CloudFormation signed. Throws when it is worth another try; the URL itself is never logged. */
export async function putAnswer(send: Send, url: string, body: string): Promise<void> {
  const { protocol, hostname } = new URL(url);
  const isLocal = process.env[LOCAL_VARIABLE] === '1' && protocol === 'http:' && hostname === '127.0.0.1';
  if (protocol !== 'https:' && !isLocal) { throw new Error(`answers go to https URLs, not to ${protocol}//${hostname}`); }
  // A signed URL allows no other content type than the empty one (aws-facts 1.1).
  const { status } = await send({ method: 'PUT', url, headers: { 'content-type': '' }, body });
  if (status >= 200 && status < 300) { return; }
  if (status >= 500 || status === 408 || status === 429) { throw Object.assign(new Error(`CloudFormation did not take the answer: HTTP ${status}`), { $metadata: { httpStatusCode: status } }); }
  // The URL has expired or was used up: nobody waits for the answer any more.
  console.error(`the answer was refused with HTTP ${status}`);
}
