import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'platform-team');
const STACK = 'Claims';
const MINUTES = 60_000;

describeWithMinistack('The CDK\'s own command line, with examples/platform-team', (cli) => {
  let app: AppFolder;

  const describeJob = (name: string) => cli().sageMaker('DescribeTrainingJob', { TrainingJobName: name });

  test('deploys: the job is as the platform team wants it, and the app says nothing of that', async () => {
    app = new AppFolder(cli(), 'claims', EXAMPLE);
    const output = await app.deployed();
    expect(Number(/Claims\.R2 = (\S+)/.exec(output)![1])).toBeGreaterThan(0.9);
    const [job] = await cli().jobs();
    const { VpcConfig, EnableNetworkIsolation, OutputDataConfig, ResourceConfig, StoppingCondition, TrainingJobArn } = await describeJob(job!);
    expect(VpcConfig).toEqual({ Subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'], SecurityGroupIds: ['sg-0123456789abcdef0'] });
    expect(EnableNetworkIsolation).toBe(true);
    expect([OutputDataConfig.KmsKeyId, ResourceConfig.VolumeKmsKeyId]).toEqual(Array(2).fill(expect.stringMatching(/^arn:aws:kms:us-east-1:\d{12}:key\/01234567-/)));
    expect(StoppingCondition.MaxRuntimeInSeconds).toBe(4 * 3600);
    expect((await cli().sageMaker('ListTags', { ResourceArn: TrainingJobArn })).Tags).toEqual(expect.arrayContaining([{ Key: 'team', Value: 'claims' }, { Key: 'data-class', Value: 'confidential' }]));
  }, 10 * MINUTES);

  test('has nothing to do when nothing has changed', async () => {
    expect(await app.deployed()).toContain('(no changes)');
    expect(await cli().jobs()).toHaveLength(1);
  }, 2 * MINUTES);

  test('is refused before anything is deployed, with the rule, when the app asks for more than is allowed', async () => {
    app.edit('app.ts', "  capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),", "  capacity: Capacity.onDemand({ instanceType: 'ml.c6i.xlarge' }),\n  networkIsolation: false,");
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain('instanceType must be of the families c5, m5, g5, got ml.c6i.xlarge');
    expect(output).toContain('cdk-sagemaker:checks/networkIsolation');
    expect(await cli().jobs()).toHaveLength(1);
    expect(await cli().stackStatus(STACK)).toBe('CREATE_COMPLETE');
  }, 3 * MINUTES);

  test('destroys: the record stays', async () => {
    app.edit('app.ts', "'ml.c6i.xlarge' }),\n  networkIsolation: false,", "'ml.m5.large' }),");
    await app.done('destroy', STACK, '--force');
    expect(await cli().stackStatus(STACK)).toBeUndefined();
    expect(await cli().jobs()).toHaveLength(1);
  }, 3 * MINUTES);
});
