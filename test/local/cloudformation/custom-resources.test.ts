import { custom, engineWith, thing } from '../../support/engine';
import type { Responder } from '../../support/engine';

const deployOne = async (responder: Responder, properties: object = {}) => {
  const fixture = engineWith(responder);
  const before = fixture.clock.now();
  const record = await fixture.deploy({ Resources: { A: custom(properties) } });
  const reason = record.events.find(({ status }) => status === 'CREATE_FAILED')?.reason;
  return { fixture, record, reason, seconds: (fixture.clock.now() - before) / 1000 };
};
/** An answer that CloudFormation makes nothing of, followed by the Delete's. */
const answering = (answer: ReturnType<Responder>): Responder => ({ RequestType }) => (RequestType === 'Create' ? answer : {});

describe('the custom resource protocol', () => {
  test('turns every scalar into a string', async () => {
    const { fixture } = await deployOne(() => ({}), { On: true, Many: 42, Deep: { List: [1, false, { Half: 0.5 }] } });
    expect(fixture.events[0]?.ResourceProperties).toEqual({ ServiceToken: 'arn:function', On: 'true', Many: '42', Deep: { List: ['1', 'false', { Half: '0.5' }] } });
  });

  test('takes the first answer and ignores the next ones', async () => {
    const fixture = engineWith((event) => {
      fixture.clock.after(500, () => { expect(fixture.answer(event, { PhysicalResourceId: 'first' })).toBe(200); });
      return { PhysicalResourceId: 'second' };
    });
    const { resources } = await fixture.deploy({ Resources: { A: custom() } });
    await fixture.clock.pass(5000);
    expect(resources.A?.physical?.physicalId).toBe('first');
  });

  test('knows no token but those it has given', () => {
    expect(engineWith().engine.customResources.receive('guessed', '{}')).toBe(403);
  });

  test.each([
    ['a Reason that is no string', { Reason: { text: 'no' } }, 'Reason must be a string'],
    ['another RequestId', { RequestId: 'another' }, "RequestId of the answer is not the event's"],
    ['a Status it does not know', { Status: 'FAILURE' }, 'Status must be SUCCESS or FAILED'],
    ['more than 4,096 bytes', { Data: { Long: 'é'.repeat(2048) } }, 'Response object is too long'],
    ['what is no JSON', 'SUCCESS', 'not JSON'],
  ])('drops %s, and waits until the time is over', async (_, answer, why) => {
    const { reason, seconds } = await deployOne(answering(answer));
    expect(reason).toMatch(/^CloudFormation did not receive a response from your Custom Resource. .*What came was no answer: /);
    expect(reason).toContain(why);
    expect(seconds).toBe(3601);
  });

  test('waits for an hour at most, or for ServiceTimeout', async () => {
    expect((await deployOne(answering(undefined), { ServiceTimeout: 20 })).seconds).toBe(21);
    expect((await deployOne(() => ({}), { ServiceTimeout: 7200 })).reason).toBe('ServiceTimeout must be between 1 and 3600, got 7200');
  });

  test('fails a creation that is answered without an id', async () => {
    const { fixture, reason } = await deployOne(({ RequestType }) => (RequestType === 'Create' ? { PhysicalResourceId: '' } : {}));
    expect(reason).toBe('Invalid PhysicalResourceId');
    expect(fixture.events[1]?.PhysicalResourceId).toMatch(/^stack-A-/);
  });

  test('says the reason of a failed answer, and deletes the id that it had', async () => {
    const { fixture, reason } = await deployOne(answering({ Status: 'FAILED', Reason: 'no data', PhysicalResourceId: 'half-made' }));
    expect(reason).toBe('Received response status [FAILED] from custom resource. Message returned: no data');
    expect(fixture.events[1]).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: 'half-made' });
  });

  test('gives attributes from Data, nested ones too, and fails where there is none', async () => {
    const fixture = engineWith(() => ({ Data: { Size: '3', Deep: { Inner: 'x' } } }));
    const get = (name: string) => ({ Resources: { A: custom(), B: thing({ Size: { 'Fn::GetAtt': ['A', name] } }) } });
    expect(await fixture.deploy(get('Deep.Inner'))).toMatchObject({ resources: { B: { properties: { Size: 'x' } } } });
    const { events, stackId } = await fixture.deploy(get('Colour'));
    expect(events.find(({ status }) => status === 'UPDATE_FAILED')?.reason).toBe(`CustomResource attribute error: Vendor response doesn't contain Colour attribute in object ${stackId}|A`);
  });

  test('fails at once when nobody will ever deal with the event', async () => {
    const fixture = engineWith(() => { throw new Error('no such function'); });
    const { events } = await fixture.deploy({ Resources: { A: custom() } });
    expect(events.find(({ status }) => status === 'CREATE_FAILED')?.reason).toBe("The custom resource's function did not take the event: no such function");
  });
});
