import type { AssemblyStack } from '../../lib/local/assembly';
import { stringified } from '../../lib/local/cloudformation/custom-answer';
import type { Template } from '../../lib/local/cloudformation/template';
import { jobNameOf, ownerTags } from '../../lib/handler/run';
import type { JobProperties } from '../../lib/handler/contract';
import { JOB_RULES } from '../../lib/plan/job-kinds';
import type { DeployedResource, JobRecord, StackSide } from '../../lib/plan/stack-side';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const STACK_ID = 'arn:aws:cloudformation:us-east-1:123456789012:stack/Digits/1';
const folder = mkdtempSync(join(tmpdir(), 'paper-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** What a test says of a template, as an assembly would have it. */
export function assembly(Resources: { readonly [logicalId: string]: object }, more: object = {}): AssemblyStack {
  const templateFile = join(folder, `${files++}.json`);
  writeFileSync(templateFile, JSON.stringify({ Resources, ...more }));
  const metadata = Object.fromEntries(Object.keys(Resources).map((id) => [`/Digits/${id}/Resource`, [{ type: 'aws:cdk:logicalId', data: id }]]));
  return { id: 'Digits', displayName: 'Digits', stackName: 'Digits', folder, templateFile, assetFiles: [], region: 'us-east-1', account: '123456789012', parameters: {}, dependencies: [], paths: {}, metadata };
}

/** What every request for a training job has. */
export const REQUEST = {
  RoleArn: 'arn:aws:iam::123456789012:role/train', AlgorithmSpecification: { TrainingImage: 'image:1', TrainingInputMode: 'File' }, OutputDataConfig: { S3OutputPath: 's3://out/jobs' },
  ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 }, StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};

/** A training job whose request is small. */
export const job = (request: object = {}, properties: object = {}, more: object = {}) => ({
  Type: 'Custom::SageMakerTrainingJob',
  Properties: { ServiceToken: 'arn:function', Kind: 'TrainingJob', KeyVersion: '1', NamePrefix: 'digits-train', Request: { ...REQUEST, HyperParameters: { epochs: 1 }, ...request }, ...properties }, ...more,
});

/** The name of the first attempt of the run that a job of `job` is. */
export const nameOf = ({ Properties: properties }: ReturnType<typeof job>, logicalId = 'Train', stackId = STACK_ID) =>
  jobNameOf(stringified(properties) as unknown as JobProperties, { stackId, logicalId }, JOB_RULES[properties.Kind as 'TrainingJob']);

export interface PaperJob { readonly status?: string; readonly details?: object; readonly tags?: { readonly [key: string]: string }; readonly logicalId?: string }

/** A side of which a test says everything. Jobs are the resource's own, and completed, unless it says something else. */
export function side(Resources: { readonly [logicalId: string]: object }, deployed: { readonly [logicalId: string]: string | Partial<DeployedResource> }, jobs: { readonly [name: string]: PaperJob } = {}, more: Partial<StackSide> = {}): StackSide {
  const resource = (logicalId: string): DeployedResource | undefined => {
    const known = deployed[logicalId];
    if (known === undefined) { return undefined; }
    const { Type: type } = Resources[logicalId] as { readonly Type: string };
    return { type, physicalId: '', attribute: () => undefined, ...typeof known === 'string' ? { physicalId: known } : known };
  };
  const record = (kind: string, name: string): JobRecord | undefined => {
    const found = jobs[name];
    if (found === undefined) { return undefined; }
    const { status = 'Completed', details = {}, tags = {}, logicalId = 'Train' } = found;
    return { name, details: { [`${kind}Status`]: status, [`${kind}Name`]: name, [`${kind}Arn`]: `arn:${name}`, ...details }, tags: { ...ownerTags({ StackId: STACK_ID, LogicalResourceId: logicalId, RequestId: '1' }), ...tags } };
  };
  return {
    name: 'paper', stackName: 'Digits', stackId: STACK_ID, region: 'us-east-1', account: '123456789012', template: { Resources } as unknown as Template, parameters: {}, paths: {},
    resource, exportValue: () => undefined, ssmParameter: () => Promise.resolve(undefined), job: (kind, name) => Promise.resolve(record(kind, name)),
    jobNames: (_, prefix) => Promise.resolve(Object.keys(jobs).filter((name) => name.startsWith(prefix))), ...more,
  };
}
