import * as fc from 'fast-check';
import * as handler from '../../lib/handler/index';
import { BadProperties, Refused } from '../../lib/handler/errors';
import type { World } from '../../lib/handler/world';
import { endpointCheckEvent, jobEvent, jobName, jobProperties, outcomeEvent, ourTags } from '../support/job-events';
import { SimulatedCloud, STACK_ID, type Tree } from '../support/simulated-cloud';

const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:handler';
const A = jobProperties('A');

/** A world without jobs that writes down what it is asked for. */
function listeningWorld(): { readonly world: World; readonly asked: string[]; readonly put: { url: string; body: string }[] } {
  const asked: string[] = [];
  const put: { url: string; body: string }[] = [];
  const noting = <T>(name: string, result: T) => async (): Promise<T> => { asked.push(name); return result; };
  const jobs = {
    describe: noting('describe', undefined), create: noting('create', undefined), stop: noting('stop', undefined), update: noting('update', undefined),
    remove: noting('remove', undefined), tags: noting('tags', {}), tag: noting('tag', undefined), untag: noting('untag', undefined),
  };
  return {
    asked, put,
    world: {
      jobs, stackStatus: noting('stackStatus', 'CREATE_IN_PROGRESS'), lookUp: noting('lookUp', {}), startExecution: noting('startExecution', true),
      put: async (url, body) => { asked.push('put'); put.push({ url, body }); }, now: () => 0, sleep: async () => undefined, random: () => 0.5,
    },
  };
}

/** What came of an input: what was asked for, what was answered, what was logged. */
async function handled(input: unknown) {
  const listening = listeningWorld();
  logged.length = 0;
  const output = await handler.handle(input as never, FUNCTION, listening.world).catch((error: unknown) => error);
  return { ...listening, output, logged: [...logged], answers: listening.put.map(({ body }) => JSON.parse(body) as Tree) };
}

const logged: string[] = [];
beforeAll(() => {
  for (const level of ['error', 'warn', 'info', 'log', 'debug'] as const) { jest.spyOn(console, level).mockImplementation((...words: unknown[]) => { logged.push(words.map(String).join(' ')); }); }
});

const without = (event: Tree, member: string) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== member));
const event = (more: Tree = {}) => ({ ...jobEvent('Create', A), ...more });
const task = (more: Tree = {}) => ({ function: FUNCTION, event: event(), memo: {}, ...more });

describe('An input that CloudFormation does not send', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined], ['null', null], ['a text', 'Create'], ['a number', 5], ['a list of events', [event()]], ['an empty structure', {}],
    ...['StackId', 'RequestId', 'LogicalResourceId', 'ResourceType'].map((member): [string, unknown] => [`an event without ${member}`, without(event(), member)]),
    ['an event without a URL to answer to', event({ ResponseURL: undefined })],
    ['an event with a URL of somebody else', event({ ResponseURL: 'https://evil.example/?X-Amz-Signature=canary' })],
    ['an event whose stack is no ARN', event({ StackId: 'mnist' })],
    ['an event whose stack is an ARN of something else', event({ StackId: 'arn:aws:s3:::bucket' })],
    ['an event whose stack has a line break', event({ StackId: `${STACK_ID}\nx` })],
    ['an event whose stack is a list', event({ StackId: [STACK_ID] })],
    ['an event whose request is a number', event({ RequestId: 5 })],
    ['an event whose request is a structure', event({ RequestId: { replace: 'x' } })],
    ['an event whose request is without an end', event({ RequestId: 'r'.repeat(100_000) })],
    ['an event whose resource is a path', event({ LogicalResourceId: '../../etc/passwd' })],
    ['an event whose resource has a null byte', event({ LogicalResourceId: 'Train\0' })],
    ['an event whose type has a line break', event({ ResourceType: 'Custom::SageMakerTrainingJob\n' })],
    ['an event whose type is a structure', event({ ResourceType: { toString: 1 } })],
    ['an event whose id is a structure', event({ PhysicalResourceId: { toString: 1 } })],
    ['an event whose id is empty', event({ PhysicalResourceId: '' })],
    ['an execution without an event', { function: FUNCTION, memo: {} }],
    ['an execution without a memory', { function: FUNCTION, event: event() }],
    ['an execution whose event is a list', task({ event: [] })],
    ['an execution whose event has a URL of somebody else', task({ event: event({ ResponseURL: 'https://evil.example/?X-Amz-Signature=canary' }) })],
    ['an execution whose answer is a text', task({ answer: 'SUCCESS' })],
    ['an execution whose answer has no id', task({ answer: { Status: 'SUCCESS', Reason: '' } })],
    ['an execution that fails for a structure', task({ memo: { failing: {} } })],
  ])('is neither acted upon nor answered, and the log says why: %s', async (_what, input) => {
    const { asked, output, logged: lines } = await handled(input);
    expect({ asked, output }).toEqual({ asked: [], output: {} });
    expect(lines).toEqual([expect.stringMatching(/^nothing was done for an input that CloudFormation does not send: ./)]);
    expect(lines.join()).not.toMatch(/canary|evil|X-Amz/);
  });
});

describe('An event of CloudFormation', () => {
  test.each(['Foo', 'create', '', undefined, 5, ['Create'], { toString: 'Create' }])('of the unknown kind %p fails, and launches nothing', async (RequestType) => {
    const { answers, asked } = await handled(event({ RequestType }));
    expect(asked).toEqual(['put']);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'RequestType: must be Create, Update or Delete' }]);
    const stepped = await handled(task({ event: event({ RequestType }) }));
    expect(stepped.asked).toEqual([]);
    expect(stepped.output).toMatchObject({ memo: { failing: expect.stringContaining('RequestType') } });
  });

  /** Played by the state machine until it is answered. */
  const answerOf = async (sent: Tree, cloud = new SimulatedCloud(handler)) => {
    cloud.deliver(sent);
    await cloud.time.run();
    return { answer: cloud.answersTo(sent)[0]?.parsed, cloud };
  };

  test.each<[string, unknown, RegExp]>([
    ['no properties', undefined, /has no properties/],
    ['a text for properties', 'Kind', /has no properties/],
    ['a list for properties', [A], /has no properties/],
    ['a list for its request', { ...A, Request: [] }, /^Request: must be a structure/],
    ['a structure for its prefix', { ...A, NamePrefix: { toString: 'x' } }, /./],
    ['a path for its prefix', { ...A, NamePrefix: '../other' }, /^NamePrefix: /],
    ['rules that every object has', { ...A, KeyVersion: 'constructor' }, /^KeyVersion: must be one of 1, got constructor/],
    ['a member that every object has', { ...A, Request: { ...A.Request, constructor: 'x' } }, /^constructor: no such member/],
    ['a member that is the prototype', { ...A, Request: JSON.parse('{"__proto__":{"RoleArn":"x"}}') }, /^__proto__: no such member/],
    ['a deep member that is the prototype', { ...A, Request: { ...A.Request, ResourceConfig: JSON.parse('{"__proto__":{"InstanceCount":1}}') } }, /^ResourceConfig\.__proto__: no such member/],
    ['a number where a structure is wanted', { ...A, Request: { ...A.Request, ResourceConfig: 5 } }, /^ResourceConfig: must be a structure/],
    ['an attribute that every object has', { ...A, Attributes: ['constructor'] }, /^Attributes: constructor is not known/],
    ['a prerequisite that every object has', { ...A, Prerequisites: ['constructor'] }, /^Prerequisites: must be of Algorithm/],
  ])('with %s fails with a reason, and launches nothing', async (_what, ResourceProperties, reason) => {
    const { answer, cloud } = await answerOf(event({ ResourceProperties }));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(reason) });
    expect(cloud.jobs.launched).toEqual([]);
    expect(cloud.sent.filter((operation) => /^(Create|Stop|Delete|Update)/.test(operation))).toEqual([]);
  });

  test('carries hyperparameters and tags named like members of every object unharmed', async () => {
    const odd = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}') as Tree;
    const properties = jobProperties('A', { Request: { HyperParameters: odd, Tags: [{ Key: '__proto__', Value: 'd' }, { Key: 'constructor', Value: 'e' }] } });
    const { answer, cloud } = await answerOf(event({ ResourceProperties: properties }));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(Object.entries(cloud.jobs.records.get(jobName(properties))!.request.HyperParameters)).toEqual(Object.entries(odd));
    expect(({} as Tree).RoleArn).toBeUndefined();
  });

  test('that is too large, or nested too deeply, fails with a reason', async () => {
    const huge = await handled(event({ ResourceProperties: { ...A, Request: { note: 'x'.repeat(300_000) } } }));
    expect(huge.answers).toMatchObject([{ Status: 'FAILED', Reason: expect.stringMatching(/the properties need \d+ bytes, and an execution takes 250000/) }]);
    const deep = JSON.parse(`${'['.repeat(60_000)}${']'.repeat(60_000)}`) as unknown;
    const nested = await handled(event({ ResourceProperties: { ...A, Request: { deep } } }));
    expect(nested.answers).toMatchObject([{ Status: 'FAILED', Reason: expect.stringMatching(/call stack/) }]);
    for (const { asked } of [huge, nested]) { expect(asked).toEqual(['put']); }
  });

  test.each([
    'somebody-elses-job', `${jobName(A)}-2`, jobName(jobProperties('B')), '../mnist', 'arn:aws:sagemaker:eu-west-1:123456789012:training-job/x', '$(touch x)', '*', '__proto__', '\u{1F4A5}', 'x'.repeat(5000),
  ])('with the made-up id %p touches no job that is not its own', async (PhysicalResourceId) => {
    for (const type of ['Update', 'Delete'] as const) {
      const cloud = new SimulatedCloud(handler);
      cloud.stackStatus = type === 'Delete' ? 'DELETE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS';
      cloud.jobs.put(PhysicalResourceId, { request: A.Request as Tree, status: 'InProgress', secondary: 'Training', tags: { ...ourTags(), 'cdk-sagemaker:stack': 'another' } });
      await answerOf(jobEvent(type, A, { PhysicalResourceId, OldResourceProperties: A }), cloud);
      expect(cloud.jobs.stopped).not.toContain(PhysicalResourceId);
      expect(cloud.jobs.records.get(PhysicalResourceId)).toMatchObject({ status: 'InProgress', tags: { 'cdk-sagemaker:stack': 'another' } });
    }
  });
});

describe('Whatever is handed to the function', () => {
  /** JSON with names that mean something here, and names that mean something to JavaScript. */
  const names = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('ResponseURL', 'StackId', 'RequestId', 'RequestType', 'ResourceType', 'LogicalResourceId', 'PhysicalResourceId', 'ResourceProperties', 'OldResourceProperties',
    'Request', 'Kind', 'NamePrefix', 'KeyVersion', 'Adopt', 'event', 'memo', 'function', 'answer', 'error', 'failing', '__proto__', 'constructor', 'toString') }, { weight: 1, arbitrary: fc.string() });
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', 'Create', 'Delete', 'TrainingJob', 'Custom::SageMakerTrainingJob', STACK_ID, '__proto__', ...Object.values(event())),
      fc.string(), fc.double(),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.array(fc.tuple(names, tie('json')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries))),
  }));
  const isOurs = (output: unknown) => !(output instanceof Error) || output instanceof Refused || output instanceof BadProperties;

  test('is survived: an answer, the next state of an execution, or nothing, and never a job', async () => {
    await fc.assert(fc.asyncProperty(json, async (input) => {
      const { asked, output } = await handled(input);
      expect(isOurs(output)).toBe(true);
      expect(asked).not.toContain('create');
    }), { numRuns: 600 });
  });

  /** An event that is right but for one member, at the top or in its properties. */
  const BASES = [jobEvent('Create', A), jobEvent('Update', A, { PhysicalResourceId: jobName(A), OldResourceProperties: A }), jobEvent('Delete', A, { PhysicalResourceId: jobName(A) }),
    outcomeEvent('Create', jobName(A)), endpointCheckEvent('Update')];
  const mutated = fc.tuple(fc.constantFrom(...BASES), fc.boolean(), fc.nat(), json).map(([base, isInside, index, value]) => {
    const inside = base.ResourceProperties as Tree;
    const members = Object.keys(isInside ? inside : base);
    const change = (tree: Tree) => Object.fromEntries([...Object.entries(tree), [members[index % members.length]!, value]]);
    return isInside ? { ...base, ResourceProperties: change(inside) } : change(base);
  });

  test('is survived when all but one member is right, in each call of the state machine', async () => {
    await fc.assert(fc.asyncProperty(mutated, fc.constantFrom<Tree>({}, { failing: 'why' }, { started: 'x', faults: 'x', before: 5, untilEnded: {} }), async (sent, memo) => {
      for (const input of [sent, { function: FUNCTION, event: sent, memo }, { function: FUNCTION, event: sent, memo, error: { Error: 5, Cause: [] } }]) {
        const { asked, output, put } = await handled(input);
        expect(isOurs(output)).toBe(true);
        if (asked.includes('create')) { expect(sent).toMatchObject({ RequestType: expect.stringMatching(/^(Create|Update)$/), ResponseURL: expect.stringMatching(/^https:\/\/cloudformation-custom-resource-response-/) }); }
        for (const { body } of put) { expect(JSON.parse(body)).toMatchObject({ StackId: STACK_ID }); }
      }
    }), { numRuns: 600 });
  });
});
