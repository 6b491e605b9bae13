import type { DeploymentConfig } from '@aws-sdk/client-sagemaker';
import { Deployment, sharesOf } from '../../../lib/local/sagemaker/deployment';
import type { Fleet } from '../../../lib/local/sagemaker/fleet';
import type { EndpointPlan } from '../../../lib/local/sagemaker/state-file';
import { Traffic } from '../../../lib/local/sagemaker/traffic';
import { VirtualClock } from '../../support/virtual-clock';

const MINUTE = 60_000;
const plan = (...instances: number[]) => ({ configName: 'next', variants: instances.map((count) => ({ instances: count, weight: 1, variant: {}, model: {} })) }) as unknown as EndpointPlan;
const blueGreen = (Type: 'ALL_AT_ONCE' | 'CANARY' | 'LINEAR', more: object = {}, policy: object = {}): DeploymentConfig =>
  ({ BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type, WaitIntervalInSeconds: 300, ...more }, ...policy } });

describe('the new fleet\'s shares of the traffic', () => {
  test.each<[string, DeploymentConfig, EndpointPlan, number[]]>([
    ['all at once', {}, plan(1), [1]],
    ['a canary of 10 %', blueGreen('CANARY', { CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 } }), plan(4), [0.1, 1]],
    ['a canary of one of four instances', blueGreen('CANARY', { CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 } }), plan(3, 1), [0.25, 1]],
    ['linear steps of 30 %', blueGreen('LINEAR', { LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 30 } }), plan(4), [0.3, 0.6, 0.9, 1]],
    ['linear steps of 20 %', blueGreen('LINEAR', { LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 20 } }), plan(4), [0.2, 0.4, 0.6, 0.8, 1]],
    ['batches of two of five instances', { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 2 }, WaitIntervalInSeconds: 60 } }, plan(5), [0.4, 0.8, 1]],
  ])('%s', (_, config, next, shares) => {
    expect(sharesOf(config, next).map((share) => Math.round(share * 1000) / 1000)).toEqual(shares);
  });
});

/** What happens to two fleets, with the minutes at which it does. */
function deploy(config: DeploymentConfig, { alarmAt, startMinutes = 1 }: { alarmAt?: number; startMinutes?: number } = {}) {
  const clock = new VirtualClock();
  const began = clock.now();
  const minutes = () => Math.round((clock.now() - began) / MINUTE);
  const said: string[] = [];
  const note = (what: string) => { said.push(`${minutes()}: ${what}`); };
  const fleet = (name: string) => ({
    plan: plan(1), start: async () => { await clock.sleep(startMinutes * MINUTE); note(`${name} is healthy`); }, stop: async () => note(`${name} ends`),
  }) as unknown as Fleet;
  const traffic = new Traffic(fleet('old'));
  const run = new Deployment({
    config, traffic, next: fleet('new'), clock, minute: MINUTE, log: (line) => note(line.replace(' of the traffic go to configuration next', '')), signal: new AbortController().signal,
    stateOfAlarm: (name) => (name === 'errors' && alarmAt !== undefined && minutes() >= alarmAt ? 'ALARM' : 'OK'), rollingBack: () => note('rolling back'),
  }).run();
  return clock.run(run.then(() => undefined, (error: Error) => error.message)).then((message) => ({ said, message }));
}

const alarms = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } };
const canary = blueGreen('CANARY', { CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 } }, { TerminationWaitInSeconds: 120 });

// minutes of the virtual clock are many turns of the event loop
jest.setTimeout(30_000);

describe('a deployment', () => {
  test('starts the new fleet, waits after each step, and ends the old one after its last wait', async () => {
    expect(await deploy({ ...canary, ...alarms })).toEqual({ said: ['1: new is healthy', '1: 10 %', '6: 100 %', '13: old ends'], message: undefined });
  });

  test('without a policy moves all traffic at once', async () => {
    expect(await deploy({})).toEqual({ said: ['1: new is healthy', '1: 100 %', '1: old ends'], message: undefined });
  });

  test.each([[3, ['1: new is healthy', '1: 10 %']], [8, ['1: new is healthy', '1: 10 %', '6: 100 %']]])('goes back when an alarm goes off at minute %d', async (alarmAt, before) => {
    const { said, message } = await deploy({ ...canary, ...alarms }, { alarmAt });
    expect(said.slice(0, before.length)).toEqual(before);
    expect(said.slice(-2)).toEqual([`${alarmAt}: rolling back`, `${alarmAt}: new ends`]);
    expect(message).toBe('The deployment was rolled back: during it this alarm went into the state ALARM: errors.');
  });

  test('looks at alarms even when it does not wait', async () => {
    expect((await deploy({ ...alarms }, { alarmAt: 1 })).message).toContain('errors');
  });

  test('goes back when it takes longer than it may', async () => {
    const late = blueGreen('LINEAR', { LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 10 } }, { MaximumExecutionTimeoutInSeconds: 600 });
    const { said, message } = await deploy(late);
    expect(said.slice(0, 3)).toEqual(['1: new is healthy', '1: 10 %', '6: 20 %']);
    expect(said.slice(-2)).toEqual(['10: rolling back', '10: new ends']);
    expect(message).toContain('MaximumExecutionTimeoutInSeconds');
    expect((await deploy(late, { startMinutes: 30 })).said.slice(0, 1)).toEqual(['10: The deployment was rolled back: it took longer than MaximumExecutionTimeoutInSeconds.']);
  });
});
