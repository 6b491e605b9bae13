import type { Clients } from '../../lib/operate/clients';
import { serviceError } from './simulated-logs';

type Tree = { readonly [member: string]: unknown };
interface Call { readonly constructor: { readonly name: string }; readonly input: { readonly [member: string]: string } }

/** Stack and logical id of a job's owner, or nothing for a job without tags. */
export type Owner = readonly [string, string] | undefined;

/** Jobs, the newest first, by the words that the names of their calls end in. */
export interface SimulatedJobs {
  readonly TrainingJob?: { readonly [name: string]: Owner };
  readonly HyperParameterTuningJob?: { readonly [name: string]: Owner };
  readonly TransformJob?: { readonly [name: string]: Owner };
}

const ARN_TYPES = { TrainingJob: 'training-job', HyperParameterTuningJob: 'hyper-parameter-tuning-job', TransformJob: 'transform-job' } as const;

/** A SageMaker with these jobs, each of which is completed; other calls are answered as it is given, and are faults where that is an error. */
export function clientsWith(jobs: SimulatedJobs, answers: { readonly [operation: string]: Error | ((input: Tree) => Tree) } = {}, more: Partial<Clients> = {}): Clients {
  const owners = new Map<string, Owner>();
  const answered = (operation: string, input: Call['input']): Tree => {
    const given = answers[operation];
    if (given instanceof Error) { throw given; }
    if (given !== undefined) { return given(input); }
    if (operation === 'ListTags') { return tagsOf(owners.get(input.ResourceArn as string)); }
    const [, verb, kind = ''] = /^(Describe|List)(.*?)s?$/.exec(operation) ?? [];
    const arnOf = (name: string) => `arn:aws:sagemaker:eu-west-1:123456789012:${ARN_TYPES[kind as keyof SimulatedJobs]}/${name}`;
    const there = jobs[kind as keyof SimulatedJobs] ?? {};
    if (verb === 'List') {
      const names = Object.keys(there).filter((name) => name.includes(input.NameContains as string));
      for (const name of names) { owners.set(arnOf(name), there[name]); }
      return { [`${kind}Summaries`]: names.map((name) => ({ [`${kind}Name`]: name, [`${kind}Arn`]: arnOf(name) })) };
    }
    const name = input[`${kind}Name`] as string;
    if (!Object.hasOwn(there, name)) { throw serviceError('ValidationException', 'Requested resource not found.'); }
    return { [`${kind}Name`]: name, [`${kind}Arn`]: arnOf(name), [`${kind}Status`]: 'Completed' };
  };
  const send = async ({ constructor, input }: Call) => answered(constructor.name.replace('Command', ''), input);
  return { sageMaker: { send, config: { region: async () => 'eu-west-1' }, destroy: () => undefined }, logs: { destroy: () => undefined }, ...more } as unknown as Clients;
}

function tagsOf(owner: Owner): Tree {
  return { Tags: owner === undefined ? [] : [{ Key: 'cdk-sagemaker:stack', Value: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${owner[0]}/0a` }, { Key: 'cdk-sagemaker:logical-id', Value: owner[1] }] };
}
