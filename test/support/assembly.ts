import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, readServerInfo } from '../../lib/local/server-file';
import { runLocal } from './built-cli';
import type { Ended } from './built-cli';

/** Answers every event: after `Delay` milliseconds, FAILED when told to fail, with what it was given as attributes. */
const FUNCTION = `exports.handler = async ({ RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId, ResourceProperties: { Delay = 0, Fail, Name } }) => {
  await new Promise((resolve) => setTimeout(resolve, Number(Delay)));
  const failed = Fail === 'true' && RequestType !== 'Delete';
  const body = { Status: failed ? 'FAILED' : 'SUCCESS', Reason: 'line one\\nline two', StackId, RequestId, LogicalResourceId, PhysicalResourceId: failed ? PhysicalResourceId || 'none' : 'thing-' + Name, Data: { Name } };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
};`;

const CODE_KEY = 'code.zip';
export const BUCKET = 'cdk-hnb659fds-assets-${AWS::AccountId}-us-east-1';

/** A stack with a function, a custom resource of it, and a bucket that stays. */
export function thingStack(thing: object, more: object = {}) {
  return {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      Handler: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: { 'Fn::Sub': BUCKET }, S3Key: CODE_KEY }, Handler: 'index.handler', Runtime: 'nodejs22.x', Timeout: 30, Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' },
      Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] }, ...thing } },
      Note: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['Thing', 'Name'] } } },
      ...more,
    },
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' } },
    Outputs: { Name: { Value: { 'Fn::GetAtt': ['Note', 'Value'] } }, BucketName: { Value: { Ref: 'Bucket' } } },
  };
}

/** A working folder with a `cdk.out`, and the command line in it. */
export interface AppFolder {
  readonly folder: string;
  /** Writes the assembly: stack name -> template. @param files assets that are files: key -> content */
  write(stacks: { readonly [name: string]: object }, files?: { readonly [key: string]: Buffer }): void;
  /** `cdk-sagemaker local …` */
  local(...args: string[]): Promise<Ended>;
}

/** Runs work in a folder that is gone afterwards, with whatever still runs for it. */
export async function inAppFolder(work: (app: AppFolder) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  const state = join(folder, '.cdk-sagemaker');
  try {
    await work({ folder, write: (stacks, files) => writeAssembly(join(folder, 'cdk.out'), stacks, files), local: (...args) => runLocal(folder, args) });
  } finally {
    const pid = readServerInfo(state)?.pid;
    if (pid !== undefined) {
      process.kill(pid, 'SIGTERM');
      while (isAlive(pid)) { await new Promise((resolve) => { setTimeout(resolve, 20); }); }
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A cloud assembly of such stacks. */
export function writeAssembly(folder: string, stacks: { readonly [name: string]: object }, files: { readonly [key: string]: Buffer } = {}): void {
  mkdirSync(join(folder, 'code'), { recursive: true });
  writeFileSync(join(folder, 'code', 'index.js'), FUNCTION);
  for (const [key, content] of Object.entries(files)) { writeFileSync(join(folder, key), content); }
  const destinations = (objectKey: string) => ({ here: { bucketName: BUCKET, objectKey } });
  const assets = Object.fromEntries(Object.keys(files).map((key) => [key, { source: { path: key, packaging: 'file' }, destinations: destinations(key) }]));
  const artifacts = Object.entries(stacks).flatMap(([name, template]) => {
    const json = (suffix: string, content: object) => writeFileSync(join(folder, `${name}.${suffix}.json`), JSON.stringify(content));
    json('template', template);
    json('assets', { files: { code: { source: { path: 'code', packaging: 'zip' }, destinations: destinations(CODE_KEY) }, ...assets } });
    const ids = Object.keys((template as { Resources: object }).Resources);
    const metadata = Object.fromEntries(ids.map((id) => [`/${name}/My/${id}`, [{ type: 'aws:cdk:logicalId', data: id }]]));
    return [
      [name, { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/us-east-1', properties: { templateFile: `${name}.template.json` }, dependencies: [`${name}.assets`], displayName: name, metadata: { ...metadata, [`/${name}/Other`]: [{ type: 'aws:cdk:logicalId', data: 'Other' }] } }],
      [`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } }],
    ];
  });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts: Object.fromEntries(artifacts) }));
}
