import { ACCOUNT, REGION, type Asked } from './policy';

/** What a request names that its role must reach: found by the names of its members, and by nothing that the library says of it. */
export interface Named {
  readonly asked: Asked[];
  /** Places in S3 as `bucket/key`, of which everything that begins so is read or written. */
  readonly read: string[];
  readonly written: string[];
  readonly keys: string[];
  readonly repositories: string[];
  /** ARNs of anything else. */
  readonly others: string[];
  readonly hasNetwork: boolean;
  readonly hasRemoteDebug: boolean;
}

const WRITTEN = /(^|\.)(S3OutputPath|S3FailurePath|DestinationS3Uri|S3Output\.S3Uri)$/;
const BOTH = /(^|\.)(CheckpointConfig\.S3Uri|DebugHookConfig\.S3OutputPath|ProfilerConfig\.S3OutputPath)$/;
const READ = /(^|\.)(S3DataSource\.S3Uri|S3Input\.S3Uri|ModelDataUrl|ArtifactUrl|ShapBaselineUri)$/;
const IMAGE = /(^|\.)(Image|ImageUri|TrainingImage|RuleEvaluatorImage)$/;
const OTHER = /(^|\.)(RepositoryCredentialsProviderArn|TrainingRepositoryCredentialsProviderArn|MlflowResourceArn|SuccessTopic|ErrorTopic)$/;

export function namedBy(request: unknown): Named {
  const named = { asked: [] as Asked[], read: [] as string[], written: [] as string[], keys: [] as string[], repositories: [] as string[], others: [] as string[], hasNetwork: false, hasRemoteDebug: false };
  for (const [path, value] of members(request)) {
    const member = path.replace(/\.\d+/g, '').replace(/(^|\.)([a-z])/g, (_, dot: string, letter: string) => dot + letter.toUpperCase());
    if (READ.test(member)) { named.asked.push(...reading(value)); named.read.push(place(value)); }
    if (BOTH.test(member)) { named.asked.push({ ...reading(`${below(value)}point`)[0] }); named.read.push(below(place(value))); }
    if (WRITTEN.test(member) || BOTH.test(member)) { named.asked.push(...writing(value)); named.written.push(place(value)); }
    if (/(^|\.)VolumeKmsKeyId$/.test(member)) { named.asked.push(...volume(value)); named.keys.push(value); }
    if (/(^|\.)KmsKeyId$/.test(member) && !/^KmsKeyId$/.test(member)) { named.asked.push(...['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ action, resource: value }))); named.keys.push(value); }
    if (IMAGE.test(member) && value.includes('.dkr.ecr.')) { named.asked.push(...pulling(value)); named.repositories.push(repository(value)); }
    if (OTHER.test(member)) { named.others.push(value); }
    if (/(VpcConfig|Vpc)\.Subnets$/.test(member)) { named.hasNetwork = true; }
    if (/(EnableRemoteDebug|EnableSSMAccess|EnableSsmAccess)$/.test(member) && value === 'true') { named.hasRemoteDebug = true; }
  }
  if (named.hasNetwork) { named.asked.push(...['ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets'].map((action) => ({ action, resource: '*' }))); }
  if (named.hasRemoteDebug) { named.asked.push({ action: 'ssmmessages:OpenDataChannel', resource: '*' }); }
  return named;
}

export function logging(group: string): Asked[] {
  const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/sagemaker/${group}`;
  return [
    { action: 'logs:CreateLogGroup', resource: arn }, { action: 'logs:CreateLogStream', resource: `${arn}:log-stream:run/1` }, { action: 'logs:PutLogEvents', resource: `${arn}:log-stream:run/1` },
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': `/aws/sagemaker/${group.replace(/\/.*/, '')}` } },
  ];
}

/** `s3://bucket/key` as `bucket/key`; the runs of a job are below one folder. */
export const place = (uri: string) => uri.replace(/^s3:\/\//, '').replace(/\{JobName\}.*/, '');
/** What is written below a place, which is a folder also without a slash. */
export const below = (written: string) => (written.endsWith('/') ? written : `${written}/`);

const split = (uri: string): [bucket: string, key: string] => { const [bucket, ...key] = place(uri).split('/'); return [bucket, key.join('/')]; };

function reading(uri: string): Asked[] {
  const [bucket, key] = split(uri);
  return [{ action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key || 'any'}` }, { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context: { 's3:prefix': key } }];
}

function writing(uri: string): Asked[] {
  const [bucket, key] = split(uri);
  const object = key === '' ? 'job/output/model.tar.gz' : `${below(key)}job/output/model.tar.gz`;
  return [...['s3:PutObject', 's3:AbortMultipartUpload'].map((action) => ({ action, resource: `arn:aws:s3:::${bucket}/${object}` })), { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context: { 's3:prefix': key } }];
}

function volume(key: string): Asked[] {
  return [{ action: 'kms:CreateGrant', resource: key, context: { 'kms:GrantIsForAWSResource': 'true' } }, { action: 'kms:DescribeKey', resource: key }];
}

export function repository(image: string): string {
  const [, account, region, name] = /^(\d+)\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/([^:@]+)/.exec(image)!;
  return `arn:aws:ecr:${region}:${account}:repository/${name}`;
}

function pulling(image: string): Asked[] {
  return [...['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'].map((action) => ({ action, resource: repository(image) })), { action: 'ecr:GetAuthorizationToken', resource: '*' }];
}

/** Every text in a structure, by the way to it. */
function members(of: unknown, path = ''): [path: string, value: string][] {
  if (Array.isArray(of) && of.every((each) => typeof each === 'string')) { return of.map((each) => [path, each]); }
  if (typeof of === 'object' && of !== null) { return Object.entries(of).flatMap(([name, value]) => members(value, path === '' ? name : `${path}.${name}`)); }
  return of === undefined || of === null ? [] : [[path, String(of)]];
}
