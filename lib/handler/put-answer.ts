import { Refused } from './errors';
import type { Send } from './http';
import { whyNotAnswered } from './response-url';

/** PUTs to the URL that CloudFormation signed. Throws when it is worth another try; the URL itself is never logged. */
export async function putAnswer(send: Send, url: string, body: string): Promise<void> {
  const refused = whyNotAnswered(url);
  if (refused) { throw new Refused(refused); }
  // A signed URL allows no other content type than the empty one (aws-facts 1.1).
  const { status } = await send({ method: 'PUT', url, headers: { 'content-type': '' }, body });
  if (status >= 200 && status < 300) { return; }
  if (status >= 500 || status === 408 || status === 429) { throw Object.assign(new Error(`CloudFormation did not take the answer: HTTP ${status}`), { $metadata: { httpStatusCode: status } }); }
  // The URL has expired or was used up: nobody waits for the answer any more.
  console.error(`the answer was refused with HTTP ${status}`);
}
