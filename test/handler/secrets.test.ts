import * as handler from '../../lib/handler/index';
import { jobEvent, jobProperties } from '../support/job-events';
import { ServiceFault } from '../support/job-records';
import { EVENTS, play, STATES, type Scenario } from '../support/matrix';
import { SimulatedCloud, type Tree } from '../support/simulated-cloud';
import { TESTED_KINDS, TRAINING, type TestedKind } from '../support/tested-kinds';

const SIGNATURE = 'canary-of-the-signature';
const IN_ENVIRONMENT = 'canary-of-the-environment';
const HYPERPARAMETER = 'canary-of-the-hyperparameters';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDCANARY', AWS_SECRET_ACCESS_KEY: 'canary-of-the-key', AWS_SESSION_TOKEN: 'canary-of-the-session' };
const CANARIES = /canary|AKIDEXAMPLE|X-Amz-Signature|amazonaws\.com\/request/i;

/** The kind, whose jobs have secrets wherever a user may put one. */
const withCanaries = (kind: TestedKind): TestedKind => ({
  ...kind,
  request: (letter) => {
    const request = kind.request(letter);
    if (kind.kind === 'TransformJob') { return { ...request, Environment: { TOKEN: IN_ENVIRONMENT } }; }
    const definition = request.TrainingJobDefinition as Tree | undefined;
    if (!definition) { return { ...request, Environment: { TOKEN: IN_ENVIRONMENT }, HyperParameters: { ...request.HyperParameters, key: HYPERPARAMETER } }; }
    return { ...request, TrainingJobDefinition: { ...definition, Environment: { TOKEN: IN_ENVIRONMENT }, StaticHyperParameters: { ...definition.StaticHyperParameters, key: HYPERPARAMETER } } };
  },
});

/** The handler, whose events have URLs as CloudFormation signs them; what is sent there is known by the rest of the URL. */
const signed: typeof handler = {
  ...handler,
  realWorld: (http, sageMaker) => handler.realWorld((call) => http!({ ...call, url: call.method === 'PUT' ? call.url.split('?')[0]! : call.url }), sageMaker),
  handle: (input, functionArn, world) => {
    const event = 'ResponseURL' in input ? input : input.event;
    const url = `${event.ResponseURL.split('?')[0]}?X-Amz-Signature=${SIGNATURE}`;
    return handler.handle('ResponseURL' in input ? { ...input, ResponseURL: url } : { ...input, event: { ...event, ResponseURL: url } }, functionArn, world);
  },
};

const logged: string[] = [];
const before = { ...process.env };
beforeAll(() => {
  Object.assign(process.env, CREDENTIALS);
  for (const level of ['error', 'warn', 'info', 'log', 'debug'] as const) { jest.spyOn(console, level).mockImplementation((...words: unknown[]) => { logged.push(words.map(String).join(' ')); }); }
  for (const stream of [process.stdout, process.stderr]) { jest.spyOn(stream, 'write').mockImplementation((text) => { logged.push(String(text)); return true; }); }
});
afterAll(() => { jest.restoreAllMocks(); process.env = before; });

/** What makes the handler say something: the ways there are the same for all kinds, and one of them is gone through to the end. */
const faultsOf = ({ kind }: TestedKind): readonly Scenario['fault'][] => (kind === TRAINING.kind ? ['no fault', '5xx', 'access denied', 'name taken by a stranger', 'connection reset after the effect', 'failed PUT'] : ['access denied']);

/** What of the lines logged and of the reasons answered has one of the canaries. */
function told(cloud: SimulatedCloud): string[] {
  const reasons = [...cloud.answers.values()].flat().map(({ parsed }) => String(parsed.Reason));
  return [...logged, ...reasons].filter((text) => CANARIES.test(text));
}

describe.each(TESTED_KINDS.map(withCanaries))('Of a $kind no secret, no credentials and no signed URL are logged, or said in a reason,', (kind) => {
  test.each(EVENTS)('whatever happens at %s', async (event) => {
    logged.length = 0;
    let lines = 0;
    for (const state of STATES) {
      for (const fault of faultsOf(kind)) {
        const { cloud } = await play(signed, kind, { event, state, fault });
        expect(told(cloud)).toEqual([]);
        lines += cloud.answers.size;
      }
    }
    expect(lines).toBeGreaterThan(0);
  }, 120_000);
});

describe('What the service, or a limit, refuses is said without the values of an environment', () => {
  const refused = async (members: Tree, fault?: (request: Tree) => Error, more: Tree = {}) => {
    logged.length = 0;
    const cloud = new SimulatedCloud(handler);
    const create = cloud.jobs.call.bind(cloud.jobs);
    cloud.jobs.call = (operation, input) => {
      if (fault && operation === 'CreateTrainingJob') { throw fault(input); }
      return create(operation, input);
    };
    if (more.Adopt) { cloud.jobs.put('by-hand', { request: { ...jobProperties('A').Request, Environment: { TOKEN: `${IN_ENVIRONMENT} of before` } }, status: 'Completed', secondary: 'Completed', tags: {} }); }
    const event = jobEvent('Create', jobProperties('A', { Request: members, ...more }));
    cloud.deliver(event);
    await cloud.time.run();
    expect(told(cloud)).toEqual([]);
    return cloud.answersTo(event)[0]!.parsed;
  };

  test('when the service repeats the request', async () => {
    const echo = ({ Environment: { TOKEN } }: Tree) => new ServiceFault('ValidationException', `1 validation error detected: Value '{TOKEN=${TOKEN}}' at 'environment' failed to satisfy constraint`);
    expect(await refused({ Environment: { TOKEN: IN_ENVIRONMENT } }, echo)).toMatchObject({ Status: 'FAILED', Reason: "ValidationException: 1 validation error detected: Value '{TOKEN=***}' at 'environment' failed to satisfy constraint" });
    expect(logged).toEqual([expect.stringContaining('{TOKEN=***}')]);
  });

  test('when a value is too long', async () => {
    expect(await refused({ Environment: { TOKEN: IN_ENVIRONMENT.repeat(100) } })).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^Request\.Environment.*TOKEN.*: must .*, got what is not told$/) });
  });

  test('when a value is no text', async () => {
    expect(await refused({ Environment: { TOKEN: { nested: IN_ENVIRONMENT } } })).toMatchObject({ Status: 'FAILED', Reason: 'Environment.TOKEN: must be a string, got what is not told' });
  });

  test('when a job that is to be adopted has others', async () => {
    expect(await refused({ Environment: { TOKEN: IN_ENVIRONMENT } }, undefined, { Adopt: { Name: 'by-hand' } }))
      .toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Environment (asked for what is not told, it has what is not told)') });
  });
});
