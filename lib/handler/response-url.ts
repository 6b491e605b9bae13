import { LOCAL_VARIABLE } from './contract';

/** Where CloudFormation takes answers: its own buckets, one a region, in whichever way a host of S3 is written. */
const BUCKET = 'cloudformation-custom-resource-response-[a-z0-9-]+';
const HOST = new RegExp(`^(${BUCKET}\\.)?s3(-fips)?([.-](dualstack\\.)?[a-z]+(-[a-z]+)+-\\d+)?$`);
const PATH = new RegExp(`^/${BUCKET}/`);

/**
 * Why no answer may go there. It is never said where: whoever has the URL can answer in our place.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
 */
export function whyNotAnswered(url: unknown): string | undefined {
  const at = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (!at) { return 'the ResponseURL is no URL'; }
  const { protocol, hostname, pathname } = at;
  if (at.username || at.password) { return 'the ResponseURL has a user in it'; }
  if (process.env[LOCAL_VARIABLE] === '1' && protocol === 'http:' && hostname === '127.0.0.1') { return undefined; }
  if (protocol !== 'https:' || at.port) { return 'the ResponseURL is not one of https at its usual port'; }
  const suffix = `.${process.env.URL_SUFFIX ?? 'amazonaws.com'}`;
  const [host, bucket] = (hostname.endsWith(suffix) && HOST.exec(hostname.slice(0, -suffix.length))) || [];
  return host && (bucket || PATH.test(pathname)) ? undefined : `the ResponseURL is not one of CloudFormation's under ${suffix.slice(1)}`;
}
