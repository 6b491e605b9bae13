import { Capacity } from '../../lib';
import { instanceTypes } from '../../lib/request/instance-types';

describe('The instance types of a capacity', () => {
  const groups = Capacity.instanceGroups({ groups: { gpu: { instanceType: 'ml.g5.xlarge' }, cpu: { instanceType: 'ml.c5.xlarge' } } }).config;

  test('are named with the prop that says them', () => {
    expect(instanceTypes(Capacity.onDemand({ instanceType: 'ml.m5.large' }).config)).toEqual([['capacity.instanceType', 'ml.m5.large']]);
    expect(instanceTypes(groups)).toEqual([['capacity.groups.gpu.instanceType', 'ml.g5.xlarge'], ['capacity.groups.cpu.instanceType', 'ml.c5.xlarge']]);
    expect(instanceTypes(Capacity.instancePreferences([{ instanceType: 'ml.p5.48xlarge' }, { instanceType: 'ml.p4d.24xlarge' }]).config)).toEqual([
      ['capacity.preferences[0].instanceType', 'ml.p5.48xlarge'], ['capacity.preferences[1].instanceType', 'ml.p4d.24xlarge'],
    ]);
  });

  test('are those of the chosen groups where some are chosen', () => {
    expect(instanceTypes(groups, ['cpu'])).toEqual([['capacity.groups.cpu.instanceType', 'ml.c5.xlarge']]);
  });

  test('are none where the service chooses the instances', () => {
    expect(instanceTypes(Capacity.serverless().config)).toEqual([]);
  });
});
