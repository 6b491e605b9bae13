import { App, Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, ContainerImage, ContainerLogLevel, Framework, HyperparameterTuningJob, Hyperparameters, Metric, Model, ModelData, Objective, ParameterRange, Script, ScriptPlacement, TrainingJob,
} from 'cdk-sagemaker';
import { written } from '../../lib/from-job';
import type { Tree } from '../../lib/from-job/tree';
import { folderWith } from '../support/folders';
import { comparable, IMAGES, namesIn, requestsOf, stackOf, type Requests } from '../support/from-job';
import { TARGET, training } from './fixtures';

jest.setTimeout(120_000);

const script = Script.fromDirectory(folderWith({ 'train.py': 'pass', 'serve.py': 'pass' }), { entryPoint: 'train.py' });
const image = ContainerImage.fromUri('123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1');
const capacity = Capacity.onDemand({ instanceType: 'ml.m5.xlarge' });
const modelData = ModelData.fromS3Uri('s3://models/digits/model.tar.gz');
const job = (algorithm: Algorithm, networkIsolation?: boolean) => (stack: Stack) => new TrainingJob(stack, 'Train', { algorithm, capacity, networkIsolation, hyperparameters: Hyperparameters.of({ epochs: 2, solver: 'adam' }) });

/** What the library makes of local code: how it is made, and what is found again. */
const MADE: { readonly [what: string]: readonly [make: (stack: Stack) => unknown, ...words: string[]] } = {
  'a job of PyTorch': [job(Algorithm.framework(Framework.pytorch('2.6.0'), { script })), 'Algorithm.framework(Framework.pytorch(\'2.6.0\')', 'solver: \'adam\''],
  'a job of TensorFlow': [job(Algorithm.framework(Framework.tensorflow('2.19.0'), { script })), 'Framework.tensorflow(\'2.19.0\')'],
  'an isolated job': [job(Algorithm.framework(Framework.sklearn('1.2-1'), { script }), true), 'Framework.sklearn(\'1.2-1\')'],
  'a job of an image of one\'s own': [job(Algorithm.image(image, { script, logLevel: ContainerLogLevel.DEBUG })), 'Algorithm.image', 'ContainerLogLevel.DEBUG'],
  'a tuning job': [(stack) => new HyperparameterTuningJob(stack, 'Tune', {
    definition: { algorithm: Algorithm.framework(Framework.pytorch('2.6.0'), { script }), capacity, metrics: [Metric.regex('loss', 'loss=(.*)')], objective: Objective.minimize('loss'), ranges: { epochs: ParameterRange.integer(1, 9) } },
    maxJobs: 2,
  }), 'Framework.pytorch(\'2.6.0\')'],
  'a model of Scikit-learn': [(stack) => new Model(stack, 'Model', { framework: Framework.sklearn('1.2-1'), modelData, script: script.withEntryPoint('serve.py'), modelServerWorkers: 2, environment: { MORE: '1' } }),
    'Framework.sklearn(\'1.2-1\')', 'entryPoint: \'serve.py\'', 'environment: { MORE: \'1\' }', 'modelServerWorkers: 2'],
  'a model of XGBoost': [(stack) => new Model(stack, 'Model', { framework: Framework.xgboost('1.7-1'), modelData, script, logLevel: ContainerLogLevel.ERROR }), 'Framework.xgboost(\'1.7-1\')', 'ContainerLogLevel.ERROR'],
  'a model of an image of one\'s own': [(stack) => new Model(stack, 'Model', { image, modelData, script, scriptPlacement: ScriptPlacement.DOWNLOADED }), 'ScriptPlacement.DOWNLOADED'],
  'a pipeline': [(stack) => new Model(stack, 'Model', { containers: [{ framework: Framework.sklearn('1.2-1'), modelData, script }, { image, modelData }] }), 'Framework.sklearn(\'1.2-1\')'],
};

const NAME = 'made-before-2024-05-01-10-00-00-000';

/** As the service has them: the job's name is in them, and so is the address of the archive. */
function sent(stack: Stack): Requests {
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) { return value.map(resolved); }
    if (typeof value !== 'object' || value === null) { return typeof value === 'string' ? value.split('{JobName}').join(NAME) : value; }
    const { 'Fn::Sub': sub, 'Fn::Join': join, 'Fn::GetAtt': role, 'Ref': ref } = value as Tree;
    if (sub !== undefined) { return (sub as string).replace('${AWS::AccountId}', TARGET.account).replace('${AWS::Region}', TARGET.region); }
    if (join !== undefined) { return (join[1] as unknown[]).map(resolved).join(join[0] as string); }
    if (role !== undefined) { return 'arn:aws:iam::123456789012:role/Training'; }
    if (ref !== undefined) { return ref === 'AWS::Partition' ? 'aws' : 'some-bucket'; }
    return Object.fromEntries(Object.entries(value).map(([member, entry]) => [member, resolved(entry)]));
  };
  return requestsOf(stack).map(({ kind, request }) => ({ kind, request: { ...resolved(request) as Tree, ...(kind === 'TrainingJob' ? { TrainingJobName: NAME } : {}) } }));
}

const made = Object.fromEntries(Object.entries(MADE).map(([what, [make]]) => {
  const stack = new Stack(new App(), 'S', { env: TARGET });
  make(stack);
  const requests = sent(stack);
  return [what, { requests, ...written(requests, IMAGES, TARGET) }];
}));

test.each(Object.entries(MADE))('%s with local code is found again, and asks for the same', (what, [, ...words]) => {
  const { requests, code } = made[what]!;
  const line = code.replace(/\s+/g, ' ');
  for (const word of [...words, 'Script.fromBucket(']) { expect(line).toContain(word); }
  for (const word of ['sagemaker_', 'SAGEMAKER_', 'overrides']) { expect(line).not.toContain(word); }
  const again = requestsOf(stackOf(code, TARGET));
  expect(again.map(({ request }) => comparable(request))).toEqual(requests.map(({ request }) => comparable(request, namesIn(request))));
});

const variables = (directory: string) => ({ SAGEMAKER_PROGRAM: 'serve.py', SAGEMAKER_SUBMIT_DIRECTORY: directory, SAGEMAKER_CONTAINER_LOG_LEVEL: '20', SAGEMAKER_REGION: 'eu-west-1' });
const DLC = '763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1.0-cpu-py310';
test.each([
  ['another kind of archive', 's3://code/code.zip', {}, 's3://code/code.zip is nothing that Script.fromBucket takes'],
  ['an isolated model', 's3://code/code.tar.gz', { EnableNetworkIsolation: true }, 'under networkIsolation a script is in the artifact'],
  ['images that read the artifact', 's3://code/code.tar.gz', { PrimaryContainer: { Image: DLC, ModelDataUrl: 's3://models/a.tar.gz', Environment: variables('s3://code/code.tar.gz') } }, 'images of the framework read a script'],
  ['another Region', 's3://code/code.tar.gz', { PrimaryContainer: { Image: DLC, Environment: { ...variables('s3://code/code.tar.gz'), SAGEMAKER_REGION: 'eu-west-2' } } }, 'aren\'t all as a construct says them'],
])('%s: a note says why no script is written of variables', (_what, directory, more, note) => {
  const request = { ModelName: 'digits', ExecutionRoleArn: 'arn:aws:iam::123456789012:role/R', PrimaryContainer: { Image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:1', ModelDataUrl: 's3://models/a.tar.gz', Environment: variables(directory) }, ...more };
  const { code, notes } = written([{ kind: 'Model', request }], IMAGES, TARGET);
  expect(notes).toEqual([expect.stringContaining(note)]);
  expect(code).toContain('SAGEMAKER_SUBMIT_DIRECTORY');
  expect(requestsOf(stackOf(code, TARGET)).filter(({ kind }) => kind === 'Model').map((each) => comparable(each.request))).toEqual([comparable(request)]);
});

test('a note says that later jobs are told the name of the old one, where its script is none', () => {
  const request = training({ TrainingJobName: NAME, HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: '"file:///code"', sagemaker_job_name: `"${NAME}"` } });
  expect(written([{ kind: 'TrainingJob', request }], IMAGES, TARGET).notes).toEqual([expect.stringMatching(/^sagemaker_submit_directory: "file:\/\/\/code" is nothing that .* the name "made-before-/)]);
});
