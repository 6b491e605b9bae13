import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/built-cli';

jest.setTimeout(60_000);

interface Version {
  readonly version: number;
  readonly status?: string;
}
interface Asked {
  readonly [member: string]: unknown;
}

const ACCOUNT = '123456789012';
const KEY = `cdk-sagemaker:approved-version:account=${ACCOUNT}:group=digits:region=eu-west-1`;
const ARN = `arn:aws:sagemaker:eu-west-1:${ACCOUNT}:model-package/digits`;

/** A SageMaker that knows the approved versions of a group, two a page; the newest first. */
class Registry {
  public versions: Version[] = [];
  public denied = false;
  public readonly asked: Asked[] = [];
  private readonly server: Server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk)).on('end', () => {
      const input = JSON.parse(Buffer.concat(body).toString()) as Asked;
      this.asked.push({ operation: request.headers['x-amz-target'], ...input });
      const from = Number(input.NextToken ?? 0);
      const answer = this.denied ? { __type: 'AccessDeniedException', Message: 'not authorized to perform: sagemaker:ListModelPackages' } : {
        ModelPackageSummaryList: this.versions.slice(from, from + 2).map(({ version, status = 'Completed' }) => ({ ModelPackageArn: `${ARN}/${version}`, ModelPackageGroupName: 'digits', ModelPackageVersion: version, ModelPackageStatus: status })),
        NextToken: from + 2 < this.versions.length ? String(from + 2) : undefined,
      };
      response.writeHead(this.denied ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    });
  });

  public async open(): Promise<void> { await new Promise<void>((listening) => { this.server.listen(0, '127.0.0.1', listening); }); }
  public async close(): Promise<void> { await new Promise((closed) => { this.server.closeAllConnections(); this.server.close(closed); }); }
  public get url(): string { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; }
}

const registry = new Registry();
let folder: string;
beforeAll(() => registry.open());
afterAll(() => registry.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pin-'));
  Object.assign(registry, { versions: [{ version: 4 }, { version: 2 }, { version: 1 }], denied: false });
  registry.asked.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const pin = (...args: string[]) => runCli(folder, ['pin-model', ...args], {
  env: { AWS_ENDPOINT_URL_SAGEMAKER: registry.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_REGION: 'eu-west-1' },
});
const context = (file = 'cdk.context.json') => readFileSync(join(folder, file), 'utf8');

describe('cdk-sagemaker pin-model', () => {
  test('writes the newest approved version of a group, and asks for nothing else', async () => {
    expect(await pin('Digits')).toEqual({ code: 0, out: `${ARN}/4: version 4 (none before)\n`, err: '' });
    expect(context()).toBe(`{\n  "${KEY}": 4\n}\n`);
    expect(registry.asked).toEqual([{ operation: 'SageMaker.ListModelPackages', ModelPackageGroupName: 'Digits', ModelApprovalStatus: 'Approved', SortBy: 'CreationTime', SortOrder: 'Descending' }]);
  });

  test('says what changes, and keeps the rest of the file as the CDK wrote it', async () => {
    writeFileSync(join(folder, 'cdk.context.json'), JSON.stringify({ 'zones:a': ['b'], [KEY]: 3, 'after': 1 }));
    expect((await pin('digits')).out).toBe(`${ARN}/4: version 3 -> 4\n`);
    expect(context()).toBe(`{\n  "zones:a": [\n    "b"\n  ],\n  "${KEY}": 4,\n  "after": 1\n}\n`);
    expect((await pin('digits', '--json')).out).toBe(`${JSON.stringify({ key: KEY, before: 4, version: 4, arn: `${ARN}/4` })}\n`);
  });

  test('takes another approved version where it is told to, on whatever page', async () => {
    expect((await pin('digits', '--to', '1', '--context', 'other.json')).out).toBe(`${ARN}/1: version 1 (none before)\n`);
    expect(JSON.parse(context('other.json'))).toEqual({ [KEY]: 1 });
    expect(await pin('digits', '--to', '3')).toEqual({ code: 1, out: '', err: 'there is no version 3 that is approved in the model package group digits; nothing was changed\n' });
    expect(await pin('digits', '--to', 'newest')).toMatchObject({ code: 2, err: '--to must be the number of a version, got newest\n' });
  });

  test('passes over a version that SageMaker has not accepted', async () => {
    registry.versions = [{ version: 5, status: 'Failed' }, { version: 4, status: 'InProgress' }, { version: 3 }];
    expect((await pin('digits')).out).toBe(`${ARN}/3: version 3 (none before)\n`);
  });

  test('asks for a group of another account by its ARN, which says the Region', async () => {
    await pin('digits', '--account', '210987654321');
    await pin('arn:aws:sagemaker:eu-west-1:210987654321:model-package-group/digits', '--region', 'us-east-1');
    expect(registry.asked.map(({ ModelPackageGroupName }) => ModelPackageGroupName)).toEqual(Array(2).fill('arn:aws:sagemaker:eu-west-1:210987654321:model-package-group/digits'));
  });

  test('changes nothing where nothing is approved, nothing may be asked, or the file is none of the CDK', async () => {
    registry.versions = [];
    expect(await pin('digits')).toEqual({ code: 1, out: '', err: 'there is no approved version in the model package group digits; nothing was changed\n' });
    registry.denied = true;
    expect(await pin('digits')).toMatchObject({ code: 1, err: expect.stringContaining('AccessDeniedException: not authorized to perform: sagemaker:ListModelPackages') });
    expect(() => context()).toThrow('ENOENT');
    writeFileSync(join(folder, 'cdk.context.json'), '[1');
    expect(await pin('digits')).toMatchObject({ code: 1, err: 'cdk.context.json is no JSON object; nothing was changed\n' });
    expect(context()).toBe('[1');
  });
});
