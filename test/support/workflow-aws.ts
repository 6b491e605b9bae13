import type { Deployed } from './policy';

/** Of Node 22, and asked for by the interpreter. */
(Promise as unknown as { withResolvers?: () => object }).withResolvers ??= () => {
  let [resolve, reject]: [unknown, unknown] = [undefined, undefined];
  const promise = new Promise((...both) => { [resolve, reject] = both; });
  return { promise, resolve, reject };
};

/** A package of modules, of which it has a bundle for CommonJS too, but no declarations. */
const { StateMachine } = require('aws-local-stepfunctions') as { StateMachine: new (definition: unknown, options: object) => { run(input: unknown, options: object): { result: Promise<unknown> } } };

type Members = { readonly [member: string]: any };

/** How a job ends, as its description has it. */
export type Ending = Members & { readonly status?: string };

/** A call that a run has made. */
export interface Call {
  readonly call: string;
  readonly parameters: any;
}

export const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:retrain';
export const executionArn = (name: string) => `${MACHINE.replace(':stateMachine:', ':execution:')}:${name}`;

/** An error as Step Functions calls it. */
export function failing(name: string, message: string): never {
  throw Object.assign(new Error(message), { name });
}

/** What a workflow calls, as far as a run of it goes; every call is written down. */
export class WorkflowAws {
  public readonly calls: Call[] = [];
  public readonly parameters = new Map<string, string>();
  public readonly stacks = new Map<string, { statuses: string[]; readonly parameters?: readonly Members[]; readonly roleArn?: string; readonly refuses?: string[]; updated?: string }>();
  /** The newest first. */
  public executions: { ExecutionArn: string; Status: string }[] = [{ ExecutionArn: executionArn('one'), Status: 'RUNNING' }];
  /** Instead of an answer. */
  public readonly instead: { [call: string]: (parameters: any) => unknown } = {};
  private readonly jobs = new Map<string, Members>();

  /** @param endings of the jobs, one after the other; the last of them for ever */
  public constructor(private readonly endings: Ending[] = [{}]) {}

  /** The parameters of the calls of a kind. */
  public of(call: string): any[] { return this.calls.filter((each) => each.call === call).map(({ parameters }) => parameters); }

  public get names(): string[] { return this.calls.map(({ call }) => call); }

  public perform(resource: string, parameters: any): unknown {
    const call = resource.split(':::')[1]!.replace('aws-sdk:', '');
    this.calls.push({ call, parameters });
    if (this.instead[call]) { return this.instead[call](parameters); }
    const [, kind] = /^sagemaker:(?:create|describe)(\w+?)(?:\.sync)?$/.exec(call) ?? [];
    switch (call) {
      case 'sagemaker:createTrainingJob.sync': case 'sagemaker:createHyperParameterTuningJob.sync': case 'sagemaker:createTransformJob.sync': return this.launched(kind!, parameters);
      case 'sagemaker:describeTrainingJob': case 'sagemaker:describeHyperParameterTuningJob': case 'sagemaker:describeTransformJob': return this.jobs.get(parameters[`${kind}Name`]) ?? failing('SageMaker.SageMakerException', 'Requested resource not found.');
      case 'sagemaker:createModelPackage': return { ModelPackageArn: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/digits/7' };
      case 'ssm:getParameter': return { Parameter: { Name: parameters.Name, Value: this.parameters.get(parameters.Name) ?? failing('Ssm.ParameterNotFoundException', parameters.Name) } };
      case 'ssm:putParameter': this.parameters.set(parameters.Name, parameters.Value); return { Version: 2 };
      case 'cloudformation:describeStacks': return { Stacks: [this.stack(parameters.StackName)] };
      case 'cloudformation:updateStack': return this.updated(parameters);
      case 'sfn:listExecutions': return { Executions: this.executions.filter(({ Status }) => parameters.StatusFilter === undefined || Status === parameters.StatusFilter).slice(0, parameters.MaxResults) };
      case 'sfn:startExecution': return { ExecutionArn: executionArn('next') };
      case 'sns:publish': return { MessageId: '1' };
      default: throw new Error(`no such call: ${call}`);
    }
  }

  private launched(kind: string, request: Members): unknown {
    const name = request[`${kind}Name`] as string;
    const { status = 'Completed', ...ending } = this.endings.length > 1 ? this.endings.shift()! : this.endings[0]!;
    const artifact = kind === 'TrainingJob' ? { ModelArtifacts: { S3ModelArtifacts: `${request.OutputDataConfig.S3OutputPath}/${name}/output/model.tar.gz` } } : {};
    const job: Members = { [`${kind}Name`]: name, [`${kind}Arn`]: `arn:aws:sagemaker:eu-west-1:123456789012:training-job/${name}`, [`${kind}Status`]: status, ...artifact, ...ending };
    this.jobs.set(name, job);
    const best = job.BestTrainingJob?.TrainingJobName as string | undefined;
    if (best) { this.jobs.set(best, { TrainingJobName: best, TrainingJobArn: `arn:x/${best}`, TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: `s3://out/${best}/model.tar.gz` }, FinalMetricDataList: job.metrics }); }
    return status === 'Completed' ? job : failing('States.TaskFailed', JSON.stringify(job));
  }

  private stack(name: string): Members {
    const stack = this.stacks.get(name) ?? failing('CloudFormation.CloudFormationException', `Stack with id ${name} does not exist`);
    const StackStatus = stack.statuses.length > 1 ? stack.statuses.shift()! : stack.statuses[0]!;
    const { parameters, roleArn = 'arn:aws:iam::123456789012:role/cfn', updated } = stack;
    return { StackName: name, StackStatus, ...(parameters && { Parameters: parameters }), ...(roleArn !== '' && { RoleARN: roleArn }), ...(updated !== undefined && { LastUpdatedTime: updated }) };
  }

  /** From now on the stack shows that it is updated. */
  public beginsUpdate(name: string): void { this.stacks.get(name)!.updated = `2026-01-05T04:00:00.${String(this.calls.length).padStart(3, '0')}Z`; }

  private updated({ StackName: name }: Members): unknown {
    const reason = this.stacks.get(name)!.refuses?.shift();
    if (reason !== undefined && reason !== '') { failing('CloudFormation.CloudFormationException', reason); }
    this.beginsUpdate(name);
    return { StackId: name };
  }
}

/** How a run has ended. */
export interface Ended {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  readonly cause?: string;
}

/** The definition of the one workflow of a stack as it is deployed. */
export function definitionOf(deployed: Deployed): any {
  const machines = deployed.ofType('AWS::StepFunctions::StateMachine').filter(([id]) => id !== 'SageMakerJobWaiter');
  expect(machines).toHaveLength(1);
  return JSON.parse(machines[0]![1].DefinitionString as string);
}

/** Runs a definition by an interpreter that is not ours. Nothing is waited for. */
export async function run(definition: any, aws: { perform(resource: string, parameters: any): unknown }, input: object = {}, name = 'one'): Promise<Ended> {
  // a task's time limit would be a timer that outlives the test
  const timeless = { ...definition, States: Object.fromEntries(Object.entries<any>(definition.States).map(([state, { TimeoutSeconds: _, ...rest }]) => [state, rest])) };
  const machine = new StateMachine(timeless, { validationOptions: { checkArn: true, checkPaths: true } });
  const states = definition.States as { [name: string]: Members };
  const of = (type: string) => Object.entries(states).filter(([, { Type }]) => Type === type);
  const { result } = machine.run(input, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(of('Task').map(([state, { Resource }]) => [state, async (parameters: unknown) => aws.perform(Resource, parameters)])),
      waitTimeOverrides: Object.fromEntries(of('Wait').map(([state]) => [state, 0])),
      retryIntervalOverrides: Object.fromEntries(of('Task').map(([state]) => [state, 0])),
    },
    context: { Execution: { Id: executionArn(name), Name: name, Input: input, StartTime: '2026-01-05T04:00:00Z', RoleArn: 'arn:aws:iam::123456789012:role/x' }, StateMachine: { Id: MACHINE, Name: 'retrain' } },
  });
  try {
    await result;
    return { status: 'SUCCEEDED' };
  } catch (error) {
    const { name: kind, message } = ((error as Error).cause ?? error) as Error;
    return { status: 'FAILED', error: kind, cause: message };
  }
}
