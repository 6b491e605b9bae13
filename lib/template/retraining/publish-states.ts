import { again, caught, parameters, sdk, type Ends, type States, type Step } from './states';

/** A new version of a group. The token makes one of however many calls. */
export function registerStep(partition: string, request: { readonly [member: string]: unknown }, ends: Ends): Step {
  return {
    entry: 'Register',
    states: (next): States => ({
      Register: {
        Type: 'Task', Resource: sdk(partition, 'sagemaker', 'createModelPackage'),
        Parameters: { ...parameters(request, { artifact: '$.artifact', origin: '$.trained.TrainingJobArn' }) as object, 'ClientToken.$': '$.job.token' },
        ResultPath: '$.registered', Retry: again(4), Catch: caught('$.error', ends.failed), Next: next,
      },
    }),
  };
}

/** Where a run goes to that has published already, and is no good. */
export const RESTORE = 'Restore: look';

/** The parameter says where the artifact is, and what it said before is remembered. */
export function publishStep(partition: string, parameter: string, ends: Ends): Step {
  return {
    entry: 'Published until now',
    states: (next): States => ({
      'Published until now': { ...read(partition, parameter, '$.before'), Catch: caught('$.error', ends.failed), Next: 'Publish' },
      'Publish': { ...written(partition, parameter, '$.artifact'), Catch: caught('$.error', RESTORE), Next: next },
    }),
  };
}

/** What was published before is published again, unless somebody else has published something since. */
export function restoringStates(partition: string, parameter: string, next: string, ends: Ends): States {
  return {
    [RESTORE]: { ...read(partition, parameter, '$.now'), Catch: caught('$.undo', ends.failed), Next: 'Restore: ours?' },
    'Restore: ours?': { Type: 'Choice', Choices: [{ Variable: '$.now.value', StringEqualsPath: '$.artifact', Next: 'Restore' }], Default: ends.failed },
    'Restore': { ...written(partition, parameter, '$.before.value'), Catch: caught('$.undo', ends.failed), Next: next },
  };
}

const read = (partition: string, Name: string, ResultPath: string) => ({
  Type: 'Task', Resource: sdk(partition, 'ssm', 'getParameter'), Parameters: { Name }, ResultSelector: { 'value.$': '$.Parameter.Value' }, ResultPath, Retry: again(5),
});

const written = (partition: string, Name: string, value: string) => ({
  Type: 'Task', Resource: sdk(partition, 'ssm', 'putParameter'), Parameters: { Name, 'Value.$': value, 'Overwrite': true }, ResultPath: null, Retry: again(5),
});
