import type { JobOptions } from '../../../lib/local/run-one/job-options';
import { changedByOptions, withJobName } from '../../../lib/local/run-one/job-request';

const options = (given: Partial<JobOptions>): JobOptions => ({ state: '', parameters: [], environment: [], channel: [], hyperparameter: [], ...given });

describe('a request changed by options', () => {
  test('has hyperparameters in the encoding of its others', () => {
    const hyperparameter = ['word=cat', 'flag=true', 'list=[1]', 'text="x"'];
    expect(changedByOptions({ HyperParameters: { sagemaker_program: '"a.py"', old: '1' } }, options({ hyperparameter }))).toEqual({ HyperParameters: { sagemaker_program: '"a.py"', old: '1', word: '"cat"', flag: 'true', list: '[1]', text: '"x"' } });
    expect(changedByOptions({ HyperParameters: { old: '1' } }, options({ hyperparameter }))).toEqual({ HyperParameters: { old: '1', word: 'cat', flag: 'true', list: '[1]', text: '"x"' } });
    expect(changedByOptions({}, options({ hyperparameter: ['a=b=c', 'a='] }))).toEqual({ HyperParameters: { a: '' } });
  });

  test('has its instances and time limit, and a spot job waits as long', () => {
    const given = { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 }, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 100 } };
    expect(changedByOptions(given, options({ instanceCount: '2', maxRuntime: '5m' }))).toEqual({
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 }, StoppingCondition: { MaxRuntimeInSeconds: 300, MaxWaitTimeInSeconds: 300 },
    });
    expect(changedByOptions(given, options({ instanceType: 'ml.g5.xlarge' }))).toMatchObject({ ResourceConfig: { InstanceType: 'ml.g5.xlarge', InstanceCount: 1 } });
    expect(() => changedByOptions({ ResourceConfig: { InstanceGroups: [] } }, options({ instanceCount: '2' }))).toThrow('do not say which of the instance groups');
  });

  test('is changed in each definition of a tuning job', () => {
    const definition = { StaticHyperParameters: { a: '1' }, HyperParameterTuningResourceConfig: { InstanceCount: 1 }, StoppingCondition: { MaxRuntimeInSeconds: 60 } };
    const changed = { StaticHyperParameters: { a: '2' }, HyperParameterTuningResourceConfig: { InstanceCount: 3 }, StoppingCondition: { MaxRuntimeInSeconds: 30 }, Environment: { B: 'c' } };
    const given = options({ hyperparameter: ['a=2'], instanceCount: '3', maxRuntime: '30', environment: ['B=c'] });
    expect(changedByOptions({ TrainingJobDefinition: definition }, given)).toEqual({ TrainingJobDefinition: changed });
    expect(changedByOptions({ TrainingJobDefinitions: [definition, definition] }, given)).toEqual({ TrainingJobDefinitions: [changed, changed] });
  });

  test('has the name of the job where the template has left it open', () => {
    const request = { A: { B: '"{JobName}"', C: '{JobName}' }, D: [{ E: 's3://b/{JobName}/x' }] };
    expect(withJobName(request, ['A.B', 'D.0.E', 'X.Y'], 'mine')).toEqual({ A: { B: '"mine"', C: '{JobName}' }, D: [{ E: 's3://b/mine/x' }] });
  });
});
