import { sendOverHttp, type HttpCall, type HttpReply } from '../../lib/handler/http';
import { realWorld } from '../../lib/handler/index';
import type { World } from '../../lib/handler/world';
import { FORBIDDEN } from '../support/forbidden-calls';
import { ACCOUNT, busyStack, handlerStatements, MACHINE, questionsOf, recordedCalls, REGION } from '../support/handler-calls';
import { IamJudge, type Assumed } from '../support/iam-judge';
import type { Question, Statement } from '../support/policy-statements';
import { describeWithPython } from '../support/python-with';
import { STACK_ID, type Tree } from '../support/simulated-cloud';
import { TESTED_KINDS } from '../support/tested-kinds';

const MINUTES = 60_000;

/** Every call of the handler's world, by the action that it needs. */
function callsOf(world: World): [action: string, call: () => Promise<unknown>][] {
  const arn = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-job/mnist-train-0a`;
  return [
    ...TESTED_KINDS.flatMap((kind): [string, () => Promise<unknown>][] => [
      [`sagemaker:${kind.create}`, () => world.jobs.create(kind.kind, { [`${kind.member}Name`]: 'mnist-train-0a', ...kind.request('A') })],
      [`sagemaker:${kind.describe}`, () => world.jobs.describe(kind.kind, 'mnist-train-0a')],
      [`sagemaker:${kind.stop}`, () => world.jobs.stop(kind.kind, 'mnist-train-0a')],
      ...(kind.remove ? [[`sagemaker:${kind.remove}`, () => world.jobs.remove(kind.kind, 'mnist-train-0a')] as [string, () => Promise<unknown>]] : []),
      ...(kind.update ? [[`sagemaker:${kind.update}`, () => world.jobs.update(kind.kind, 'mnist-train-0a', {})] as [string, () => Promise<unknown>]] : []),
    ]),
    ['sagemaker:ListTags', () => world.jobs.tags(arn)],
    ['sagemaker:AddTags', () => world.jobs.tag(arn, { a: 'b' })],
    ['sagemaker:DeleteTags', () => world.jobs.untag(arn, ['a'])],
    ['sagemaker:DescribeAlgorithm', () => world.lookUp('DescribeAlgorithm', { AlgorithmName: 'trees' })],
    ['sagemaker:DescribeEndpoint', () => world.lookUp('DescribeEndpoint', { EndpointName: 'digits' })],
    ['cloudformation:DescribeStacks', () => world.stackStatus(STACK_ID)],
    ['states:StartExecution', () => world.startExecution('request-1', {})],
  ];
}

/** Which calls the server refuses for want of a permission. What it says of the others, which it often does not know, does not matter. */
async function denied({ url, credentials }: Assumed, wanted: (action: string) => boolean = () => true): Promise<string[]> {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: REGION, AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey, AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL_CLOUDFORMATION: url, AWS_ENDPOINT_URL_SFN: url, AWS_ENDPOINT_URL_SAGEMAKER: url, STATE_MACHINE_ARN: MACHINE,
  });
  let last: HttpReply | undefined;
  const send = async (call: HttpCall) => { last = await sendOverHttp(call); return last; };
  // the SDK's requests go the same way: moto refuses in XML, of which the SDK for JSON makes nothing
  const handle = async ({ protocol, hostname, port, path, method, headers, body }: Tree) => {
    const { status, body: text } = await send({ method, url: `${protocol}//${hostname}:${port}${path}`, headers, body: Buffer.from(body).toString('utf8') });
    return { response: { statusCode: status, reason: '', headers: {}, body: Buffer.from(text) } };
  };
  const refused: string[] = [];
  try {
    for (const [action, call] of callsOf(realWorld(send, { region: REGION, endpoint: url, credentials, requestHandler: { handle } as never })).filter(([each]) => wanted(each))) {
      last = undefined;
      await call().catch(() => undefined);
      if (!last) { throw new Error(`${action}: nothing was sent`); }
      const { status, body } = last as HttpReply;
      if (status === 403 && body.includes('is not authorized to perform')) { refused.push(action); } else if (status === 403 || /Signature|Token/.test(body.slice(0, 300))) { throw new Error(`${action}: HTTP ${status} ${body}`); }
    }
  } finally {
    process.env = before;
  }
  return refused;
}

describeWithPython('moto, which reads policies by code of its own,', IamJudge.REQUIREMENTS, 'the judge of policies needs moto', (python) => {
  let judge: IamJudge;
  let statements: Statement[];
  let questions: Question[];
  const permitted = async (asked: readonly Question[]) => {
    const verdicts = await judge.verdicts(statements, asked);
    return asked.filter((_question, index) => verdicts[index]);
  };
  // Its server does not know which resource a call is about, nor the conditions: over the wire it judges actions, and signatures.
  const anyResource = (without?: string): Statement[] => statements.map(({ Effect, Action }) => ({ Effect, Action: Action.filter((action) => action !== without), Resource: ['*'] })).filter(({ Action }) => Action.length > 0);

  beforeAll(async () => {
    for (const level of ['error', 'warn'] as const) { jest.spyOn(console, level).mockImplementation(() => {}); }
    judge = new IamJudge(python());
    statements = handlerStatements(busyStack());
    questions = questionsOf(await recordedCalls());
  }, 10 * MINUTES);

  afterAll(() => judge?.stop());

  test('permits every call that the handler sends, on the resource that it is about', async () => {
    expect(await permitted(questions)).toEqual(questions);
  });

  // It does not know the operator Bool, so it can't tell for whom a grant of a key is.
  const judged = FORBIDDEN.filter(([, { action }]) => action !== 'kms:CreateGrant');
  test('permits nothing that the handler has no business with', async () => {
    expect(judged.length).toBe(FORBIDDEN.length - 1);
    expect(await permitted(judged.map(([, question]) => question))).toEqual([]);
  });

  test('lets the calls through that the handler really signs, with the role taken through STS', async () => {
    const actions = new Set(statements.flatMap(({ Action }) => Action).filter((action) => !/^(iam|kms):/.test(action)));
    expect(new Set(callsOf({ jobs: {} } as World).map(([action]) => action))).toEqual(actions);
    expect(await denied(await judge.assume(anyResource()))).toEqual([]);
  }, 2 * MINUTES);

  test('refuses each of them when its action, and nothing else, is taken from the policy', async () => {
    for (const [action] of callsOf({ jobs: {} } as World)) {
      expect(await denied(await judge.assume(anyResource(action)), (each) => each === action)).toEqual([action]);
    }
  }, 5 * MINUTES);

  test('refuses all of them to a role that allows something else', async () => {
    const other: Statement[] = [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['*'] }];
    expect(await denied(await judge.assume(other))).toEqual(callsOf({ jobs: {} } as World).map(([action]) => action));
  }, 2 * MINUTES);
});
