import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Folder } from '../../../lib/local/s3-folder';
import { LocalSageMaker } from '../../../lib/local/sagemaker/local-sagemaker';
import { OPERATION_NAMES } from '../../../lib/local/sagemaker/validate';
import { describeWithPython } from '../../support/python-with';
import { describeWithContainers, ENGINE, engineSays } from '../support/containers';
import { casesOf, LocalAws, played, type PlayedProgram } from '../support/local-aws';

const MINUTES = 60_000;
const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** With programs `train` and `serve` of its own. */
const PROGRAM_IMAGE = 'localhost/cdk-sagemaker-test-program';
/** What each program is about. */
const PROGRAMS = {
  'flow.py': 'what people do with SageMaker: boto3',
  'api.py': 'the operations of SageMaker and how they refuse: boto3',
  'services.py': 'the services beside SageMaker: boto3',
  'workflows.py': 'workflows and what they call: boto3 and the AWS CLI',
  'cli.py': 'the AWS CLI',
};
/** What workflows.py is about: a machine, and a stack that reads a parameter. */
const STACKS = {
  Workflow: {
    Resources: {
      Model: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/boto3/model', Type: 'String', Value: 'first' } },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'of-tests', RoleArn: 'arn:aws:iam::123456789012:role/some-role',
          DefinitionString: JSON.stringify({
            StartAt: 'Wait?',
            States: {
              'Wait?': { Type: 'Choice', Choices: [{ Variable: '$.wait', IsPresent: true, Next: 'Wait' }], Default: 'Make' },
              'Wait': { Type: 'Wait', Seconds: 60, Next: 'Wait' },
              'Make': { Type: 'Pass', Parameters: { 'made.$': '$' }, End: true },
            },
          }),
        },
      },
    },
  },
  Reader: {
    Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/boto3/model' } },
    Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { Description: { Ref: 'Model' } } } },
    Outputs: { Serves: { Value: { Ref: 'Model' }, Export: { Name: 'Served' } } },
  },
};

/** The table of the local SageMaker. */
async function operationNames(): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  const sageMaker = new LocalSageMaker({ folder, s3: new S3Folder(folder), s3Endpoint: 'http://127.0.0.1:9' });
  await sageMaker.close();
  rmSync(folder, { recursive: true });
  return sageMaker.operationNames;
}

/** A test for each case of a program, which is run once. */
function testCases(program: string, run: (file: string) => Promise<PlayedProgram>): void {
  const file = join(__dirname, program);
  let result: PlayedProgram;

  beforeAll(async () => { result = await run(file); }, 15 * MINUTES);

  test.each(casesOf(file))('%s: %s', (name) => {
    expect(result.errors).toHaveProperty(name);
    if (result.errors[name] !== null) { throw new Error(result.errors[name]); }
  });

  test('no case is left out', () => expect(Object.keys(result.errors).sort()).toEqual(casesOf(file).map(([name]) => name).sort()));
}

const commandOf = (operation: string, service = 'sagemaker') => `aws ${service} ${operation.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).slice(1)}`;

test('the limits of a request are known for each operation that there is', async () => {
  expect([...await operationNames()].sort()).toEqual([...OPERATION_NAMES].sort());
});

describeWithPython('the local AWS with the newest clients', REQUIREMENTS, 'the local AWS is driven by boto3 and the AWS CLI', (python) => {
  let aws: LocalAws;
  const all: PlayedProgram[] = [];

  beforeAll(async () => {
    aws = await LocalAws.open('process');
    await aws.deploy(STACKS);
  }, MINUTES);
  afterAll(() => aws?.close(), MINUTES);

  for (const [program, about] of Object.entries(PROGRAMS)) {
    describe(about, () => {
      testCases(program, async (file) => {
        const result = await played(python(), file, { ...aws.environment, CDK_SAGEMAKER_TEST_OPERATIONS: JSON.stringify(OPERATION_NAMES) });
        all.push(result);
        return result;
      });
    });
  }

  test('call each operation of the services around workflows, by boto3 and by the AWS CLI', () => {
    const called = all.flatMap((each) => each.called);
    const missing = Object.entries(aws.operationNames).flatMap(([service, names]) => names.filter((name) => !called.includes(`${service}.${name}`) || !called.includes(commandOf(name, service))));
    expect(missing).toEqual([]);
  });

  test('call each operation that there is, by boto3 and by the AWS CLI', async () => {
    const called = all.flatMap((each) => each.called);
    const names = await operationNames();
    expect(names.filter((name) => !called.includes(`sagemaker.${name}`))).toEqual([]);
    expect(names.filter((name) => !called.includes(commandOf(name)))).toEqual([]);
    expect(called).toEqual(expect.arrayContaining(['InvokeEndpoint', 'InvokeEndpointAsync', 'InvokeEndpointWithResponseStream'].map((name) => `sagemaker-runtime.${name}`)));
  });

  test('leave no error in the log of the local AWS', () => expect(aws.problems).toEqual([]));
});

describeWithContainers('in containers', () => {
  describeWithPython('the local AWS with the newest clients', REQUIREMENTS, 'the local AWS is driven by boto3', (python) => {
    let aws: LocalAws;

    beforeAll(async () => {
      process.env.CDK_DOCKER = ENGINE;
      engineSays('build', '--quiet', '--network', 'none', '--tag', PROGRAM_IMAGE, join(__dirname, '..', '..', 'support', 'container-image'));
      aws = await LocalAws.open('container');
    }, MINUTES);
    afterAll(() => aws?.close(), MINUTES);

    describe(PROGRAMS['flow.py'], () => {
      testCases('flow.py', (file) => played(python(), file, { ...aws.environment, CDK_SAGEMAKER_TEST_MODE: 'container', CDK_SAGEMAKER_TEST_IMAGE: PROGRAM_IMAGE }));
    });

    test('leave no error in the log of the local AWS', () => expect(aws.problems).toEqual([]));
  });
});
