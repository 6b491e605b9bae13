import { SageMakerBench, until } from '../support/sagemaker-bench';
import { CloudFormation } from '../../../lib/local/cloudformation/engine';
import { MemoryStackStore } from '../../../lib/local/cloudformation/stack-store';
import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import { replacementRules, resourceTypes } from '../../../lib/local/resources';
import type { LocalServices } from '../../../lib/local/resources/services';
import { IMAGE, ROLE } from '../support/sagemaker-bench';

const job = (program: string, more: object = {}) => ({
  Type: 'AWS::SageMaker::ProcessingJob',
  Properties: {
    RoleArn: ROLE,
    AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['python3', '-c', program] },
    ProcessingResources: { ClusterConfig: { InstanceCount: '1', InstanceType: 'ml.m5.large', VolumeSizeInGB: '1' } },
    StoppingCondition: { MaxRuntimeInSeconds: '600' },
    ...more,
  },
});

async function withStack(work: (bench: SageMakerBench, deploy: (resources: object) => Promise<any>, destroy: () => Promise<any>) => Promise<void>): Promise<void> {
  const bench = await SageMakerBench.open();
  const engine = new CloudFormation({
    clock: SYSTEM_CLOCK, store: new MemoryStackStore(), answersUrl: () => 'http://127.0.0.1:1/', deliver: () => Promise.reject(new Error('no functions here')),
    types: resourceTypes({ sageMaker: bench.sageMaker, s3: bench.s3 } as unknown as LocalServices),
  });
  try {
    await work(bench, (Resources) => engine.deploy({ stackName: 'stack', template: { Resources } }).finished, () => engine.delete('stack').finished);
  } finally {
    await bench.close();
  }
}

const statusOf = async (bench: SageMakerBench, name: string) => (await bench.call('DescribeProcessingJob', { ProcessingJobName: name })).ProcessingJobStatus;

describe('a processing job of a stack', () => {
  test('is made once SageMaker has accepted it, under a generated name', () => withStack(async (bench, deploy) => {
    const { status, resources } = await deploy({ Job: job('import time; time.sleep(0.5)') });
    expect(status).toBe('CREATE_COMPLETE');
    const { physicalId, attributes } = resources.Job.physical;
    expect(attributes).toMatchObject({ ProcessingJobName: expect.stringMatching(/^Job-[A-Z0-9]{12}$/), ProcessingJobArn: physicalId, ProcessingJobStatus: 'InProgress' });
    expect(physicalId).toMatch(/^arn:aws:sagemaker:us-east-1:123456789012:processing-job\/job-/);
    expect(await until(() => statusOf(bench, attributes.ProcessingJobName), (now) => now !== 'InProgress')).toBe('Completed');
  }));

  test('is replaced by whatever changes, and the old one is stopped', () => withStack(async (bench, deploy, destroy) => {
    const before = (await deploy({ Job: job('import time; time.sleep(600)') })).resources.Job.physical.attributes.ProcessingJobName;
    const after = (await deploy({ Job: job('import time; time.sleep(600)', { Tags: [{ Key: 'a', Value: '1' }] }) })).resources.Job.physical.attributes.ProcessingJobName;
    expect(after).not.toBe(before);
    expect(await statusOf(bench, before)).toBe('Stopped');
    expect(await statusOf(bench, after)).toBe('InProgress');
    expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(await statusOf(bench, after)).toBe('Stopped');
  }));

  test('that is refused fails the stack with the service\'s words', () => withStack(async (_bench, deploy) => {
    const record = await deploy({ Job: job('pass', { StoppingCondition: { MaxRuntimeInSeconds: 777_601 } }) });
    expect(record.status).toBe('ROLLBACK_COMPLETE');
    expect(JSON.stringify(record.events)).toContain('Member must have value less than or equal to 777600');
  }));
});

test('a change of the tags alone is a replacement', () => {
  const replaces = replacementRules().get('AWS::SageMaker::ProcessingJob')!;
  expect(replaces({ RoleArn: 'a' }, { RoleArn: 'a' })).toBe(false);
  expect(replaces({ RoleArn: 'a' }, { RoleArn: 'a', Tags: [] })).toBe(true);
});
