import { putAnswer } from '../../lib/handler/put-answer';
import { whyNotAnswered } from '../../lib/handler/response-url';

const BUCKET = 'cloudformation-custom-resource-response-euwest1';
const SIGNED = '/arn%3Aaws%3Acloudformation%3Aeu-west-1%3A123456789012%3Astack/mnist/6c0a%7CTrain%7C8f1d?X-Amz-Signature=canary';

/** What is said of a URL by a function that runs under this suffix, and with these variables. */
function said(url: unknown, suffix: string | undefined = 'amazonaws.com', variables: { [name: string]: string } = {}): string | undefined {
  const before = process.env;
  process.env = { ...before, URL_SUFFIX: suffix, ...variables };
  try { return whyNotAnswered(url); } finally { process.env = before; }
}

describe('An answer goes', () => {
  test.each([
    ['to the bucket of the region', `${BUCKET}.s3.eu-west-1.amazonaws.com`, 'amazonaws.com'],
    ['to the host without a region', 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com', 'amazonaws.com'],
    ['to the older host with a dash', `${BUCKET}.s3-eu-west-1.amazonaws.com`, 'amazonaws.com'],
    ['to the host of both kinds of addresses', `${BUCKET}.s3.dualstack.eu-west-1.amazonaws.com`, 'amazonaws.com'],
    ['to the host of GovCloud\'s own cryptography', 'cloudformation-custom-resource-response-usgovwest1.s3-fips.us-gov-west-1.amazonaws.com', 'amazonaws.com'],
    ['to the bucket of a region in China', 'cloudformation-custom-resource-response-cnnorth1.s3.cn-north-1.amazonaws.com.cn', 'amazonaws.com.cn'],
    ['to the bucket of an isolated region', 'cloudformation-custom-resource-response-usisoeast1.s3.us-iso-east-1.c2s.ic.gov', 'c2s.ic.gov'],
    ['to the bucket of another isolated region', 'cloudformation-custom-resource-response-usisobeast1.s3.us-isob-east-1.sc2s.sgov.gov', 'sc2s.sgov.gov'],
    ['to the bucket of the sovereign cloud', 'cloudformation-custom-resource-response-euscdeeast1.s3.eusc-de-east-1.amazonaws.eu', 'amazonaws.eu'],
    ['to a host in capitals', `${BUCKET}.S3.EU-WEST-1.AmazonAWS.com`, 'amazonaws.com'],
  ])('%s', (_what, host, suffix) => {
    expect(said(`https://${host}${SIGNED}`, suffix)).toBeUndefined();
  });

  test('to the bucket where a path names it', () => {
    expect(said(`https://s3.eu-west-1.amazonaws.com/${BUCKET}${SIGNED}`)).toBeUndefined();
    expect(said(`https://s3-eu-west-1.amazonaws.com/${BUCKET}${SIGNED}`)).toBeUndefined();
  });

  test('by the suffix of the commercial partition where a function of before has none', () => {
    const before = process.env.URL_SUFFIX;
    delete process.env.URL_SUFFIX;
    try { expect(whyNotAnswered(`https://${BUCKET}.s3.eu-west-1.amazonaws.com${SIGNED}`)).toBeUndefined(); } finally { if (before !== undefined) { process.env.URL_SUFFIX = before; } }
  });

  test('to this machine when the local AWS says that it is one, and by no other name', () => {
    const local = { CDK_SAGEMAKER_LOCAL: '1' };
    expect(said('http://127.0.0.1:4566/answers/1', undefined, local)).toBeUndefined();
    expect(said('http://127.0.0.1:4566/answers/1')).toBeDefined();
    expect(said('http://127.0.0.1:4566/answers/1', undefined, { CDK_SAGEMAKER_LOCAL: 'true' })).toBeDefined();
    for (const url of ['http://localhost:4566/', 'http://evil.example/', 'http://user@127.0.0.1/', 'http://169.254.169.254/', 'https://127.0.0.1/', 'ftp://127.0.0.1/']) { expect(said(url, undefined, local)).toBeDefined(); }
  });
});

describe('An answer does not go', () => {
  test.each([
    ['without encryption', `http://${BUCKET}.s3.eu-west-1.amazonaws.com${SIGNED}`],
    ['to a file', 'file:///etc/passwd'],
    ['to a script', 'javascript:alert(1)'],
    ['to another domain', `https://evil.example${SIGNED}`],
    ['to another domain that has the suffix in its path', `https://evil.example/${BUCKET}.s3.eu-west-1.amazonaws.com`],
    ['to another domain that ends like the suffix', `https://${BUCKET}.s3.eu-west-1.evilamazonaws.com${SIGNED}`],
    ['to another domain that begins like the host', `https://${BUCKET}.s3.eu-west-1.amazonaws.com.evil.example${SIGNED}`],
    ['to another domain after a user', `https://${BUCKET}.s3.eu-west-1.amazonaws.com@evil.example${SIGNED}`],
    ['to another domain after a backslash', `https://evil.example\\@${BUCKET}.s3.eu-west-1.amazonaws.com${SIGNED}`],
    ['with a user', `https://user@${BUCKET}.s3.eu-west-1.amazonaws.com${SIGNED}`],
    ['with a password', `https://:password@${BUCKET}.s3.eu-west-1.amazonaws.com${SIGNED}`],
    ['to another port', `https://${BUCKET}.s3.eu-west-1.amazonaws.com:8443${SIGNED}`],
    ['to a host with a dot at its end', `https://${BUCKET}.s3.eu-west-1.amazonaws.com.${SIGNED}`],
    ['to letters that look like the suffix', `https://${BUCKET}.s3.eu-west-1.am\u0430zonaws.com${SIGNED}`],
    ['to a fragment that looks like a host', `https://evil.example#.s3.eu-west-1.amazonaws.com`],
    ['to the suffix of another partition', `https://${BUCKET}.s3.cn-north-1.amazonaws.com.cn${SIGNED}`],
    ['to the suffix alone', `https://amazonaws.com${SIGNED}`],
    ['to a bucket of somebody else', `https://somebody.s3.eu-west-1.amazonaws.com${SIGNED}`],
    ['to a bucket of somebody else named in a path', `https://s3.eu-west-1.amazonaws.com/somebody${SIGNED}`],
    ['to a bucket of somebody else whose key looks like the bucket', `https://s3.eu-west-1.amazonaws.com/somebody/${BUCKET}/`],
    ['out of the bucket by dots in a path', `https://s3.eu-west-1.amazonaws.com/${BUCKET}/../somebody/`],
    ['to an API of somebody else', `https://abc.execute-api.eu-west-1.amazonaws.com${SIGNED}`],
    ['to a load balancer of somebody else whose name begins like S3', `https://s3-evil-1234.us-east-1.elb.amazonaws.com/${BUCKET}/x`],
    ['to an API of S3 that others share', `https://s3-accesspoint.eu-west-1.amazonaws.com/${BUCKET}/x`],
    ['to an API that begins like S3', `https://s3.execute-api.us-east-1.amazonaws.com/${BUCKET}/x`],
    ['to a load balancer of somebody else', `https://s3.eu-west-1.elb.amazonaws.com${SIGNED}`],
    ['to the address of the instance', 'https://169.254.169.254/latest/meta-data'],
    ['to an address as one number', 'https://2130706433/'],
    ['to an address of the sixth version', 'https://[::1]/'],
    ['to nothing', ''],
    ['to half a URL', 'https://'],
    ['to a host with a space', `https://evil ${BUCKET}.s3.eu-west-1.amazonaws.com/`],
    ['to a number', 5],
    ['to a list', [`https://${BUCKET}.s3.eu-west-1.amazonaws.com/`]],
    ['to a structure that says it is a text', { toString: 'x' }],
    ['nowhere', undefined],
  ])('%s', (_what, url) => {
    const reason = said(url);
    expect(reason).toMatch(/^the ResponseURL /);
    for (const part of ['canary', 'evil', 'somebody', 'password', BUCKET]) { expect(reason).not.toContain(part); }
  });

  test('over the wire, whoever calls for it', async () => {
    const send = jest.fn();
    await expect(putAnswer(send, `https://evil.example${SIGNED}`, '{}')).rejects.toThrow('is not one of CloudFormation\'s under amazonaws.com');
    expect(send).not.toHaveBeenCalled();
  });
});
