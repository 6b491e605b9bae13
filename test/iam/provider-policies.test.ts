import type { Template } from 'aws-cdk-lib/assertions';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORBIDDEN } from '../support/forbidden-calls';
import { ACCOUNT, busyStack, DEPLOYED, FUNCTION, handlerStatements, MACHINE_KEY, questionsOf, recordedCalls } from '../support/handler-calls';
import { like } from '../support/policy';
import { allows, deployed, deployedStatements, type Question, type Statement } from '../support/policy-statements';
import type { SentCall } from '../support/simulated-cloud';

const HANDLER = join(__dirname, '..', '..', 'lib', 'handler');
const MINUTES = 60_000;

let template: Template;
let ofHandler: Statement[];
let calls: SentCall[];
let questions: Question[];

beforeAll(async () => {
  for (const level of ['error', 'warn'] as const) { jest.spyOn(console, level).mockImplementation(() => {}); }
  template = busyStack();
  ofHandler = handlerStatements(template);
  calls = await recordedCalls();
  questions = questionsOf(calls);
}, 10 * MINUTES);

const resource = (id: string): any => template.toJSON().Resources[id];
const isAllowed = (question: Question) => ofHandler.some((statement) => allows(statement, question));

describe('The role of the handler', () => {
  test('is asked for every call that the code can send', () => {
    const source = readdirSync(HANDLER).map((file) => readFileSync(join(HANDLER, file), 'utf8')).join('\n');
    const found = (pattern: RegExp) => [...source.matchAll(pattern)].map(([, operation]) => operation!);
    const commands = found(/import \{([^}]*)\} from '@aws-sdk\/client-sagemaker'/g).flatMap((names) => [...names.matchAll(/(\w+)Command\b/g)].map(([, operation]) => operation!));
    const byHand = [...new Set([/Action: '(\w+)'/g, /AWSStepFunctions\.(\w+)/g, /operation: '(\w+)'/g, /lookUp\('(\w+)'/g].flatMap(found))];
    expect(byHand.sort()).toEqual(['DescribeAlgorithm', 'DescribeEndpoint', 'DescribeStacks', 'StartExecution']);
    expect([...new Set(calls.map(({ operation }) => operation))].sort()).toEqual([...new Set([...commands, ...byHand])].sort());
  });

  test('allows every call that is sent, and what the services ask for in turn', () => {
    expect(questions.length).toBeGreaterThan(40);
    expect(questions.filter((question) => !isAllowed(question))).toEqual([]);
  });

  test('allows no action, and names no resource, that no call needs', () => {
    const surplus = ofHandler.flatMap((statement) => [
      ...statement.Action.filter((action) => !questions.some((question) => question.action === action && allows(statement, question))).map((action) => `${action} on ${statement.Resource.join(' and ')}`),
      ...statement.Resource.filter((pattern) => !questions.some((question) => allows({ ...statement, Resource: [pattern] }, question))).map((pattern) => `${statement.Action.join()} on ${pattern}`),
    ]);
    expect(surplus).toEqual([]);
  });

  test('has a star neither for an action nor for a whole resource', () => {
    expect(ofHandler.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(ofHandler.flatMap(({ Resource }) => Resource).filter((pattern) => pattern.split(':')[5]?.startsWith('*') || pattern.split(':').slice(0, 5).join().includes('*'))).toEqual([]);
  });

  test.each(FORBIDDEN)('may not %s', (_what, question) => {
    expect(isAllowed(question)).toBe(false);
  });

  test('is Lambda\'s alone, and allows it what the runtime does: to write its log, to open its variables, and to join the network', () => {
    const { AssumeRolePolicyDocument, Policies } = resource('SageMakerJobHandlerRole').Properties;
    expect(AssumeRolePolicyDocument.Statement).toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }]);
    expect(Policies).toHaveLength(1);
    expect(deployed(Policies[0].PolicyDocument, DEPLOYED)).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [DEPLOYED['SageMakerJobHandlerLogs.Arn']] },
      { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [MACHINE_KEY] },
      // what Lambda wants for a function in a network, word for word: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
      { Effect: 'Allow', Action: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'], Resource: ['*'] },
    ]);
  });
});

describe('The role of the waiter', () => {
  test('allows what the states of its machine do, and nothing else', () => {
    const text = JSON.stringify(resource('SageMakerJobWaiter').Properties.DefinitionString);
    const tasks = new Set([...text.matchAll(/:states:::([\w:]+)/g)].map(([, task]) => task));
    expect([...tasks]).toEqual(['lambda:invoke']);
    expect(deployedStatements(template, 'SageMakerJobWaiterPolicy', DEPLOYED)).toEqual([
      { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [FUNCTION] },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [MACHINE_KEY] },
    ]);
    expect(resource('SageMakerJobWaiterRole').Properties).not.toHaveProperty('Policies');
  });

  test('is that of machines of this account alone', () => {
    expect(resource('SageMakerJobWaiterRole').Properties.AssumeRolePolicyDocument.Statement)
      .toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }]);
  });

  test('calls one function, whatever the input of an execution names', () => {
    const [{ Resource: [only, ...rest] }] = deployedStatements(template, 'SageMakerJobWaiterPolicy', DEPLOYED) as [Statement];
    expect([only, rest]).toEqual([FUNCTION, []]);
    expect(like(only!, FUNCTION.replace('handler', 'other'))).toBe(false);
  });
});

describe('No template', () => {
  test('lets answers go to this machine', () => {
    for (const { Properties } of Object.values<any>(template.findResources('AWS::Lambda::Function'))) { expect(Object.keys(Properties.Environment?.Variables ?? {})).not.toContain('CDK_SAGEMAKER_LOCAL'); }
    const folder = join(__dirname, '..', '..', 'lib');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !/^(handler|local)\//.test(file));
    expect(sources.filter((file) => /CDK_SAGEMAKER_LOCAL|LOCAL_VARIABLE/.test(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
  });
});
