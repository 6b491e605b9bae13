type Tree = { [member: string]: any };

/** What a construct sends otherwise than the Python SDK, on purpose. docs/python-sdk.md gives the same list. */
export interface Difference {
  readonly id: string;
  readonly reason: string;
  /** Makes of the SDK's request what is meant to be sent. */
  readonly apply: (sdk: Tree, ours: Tree) => void;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    id: 'debugger-when-asked-for',
    reason: 'the SDK sends a debugger hook that saves nothing with every job; ours has one when debugHook or debugRules ask for it',
    apply: (sdk, ours) => { if (!ours.DebugHookConfig && Object.keys(sdk.DebugHookConfig ?? {}).join() === 'S3OutputPath') { delete sdk.DebugHookConfig; } },
  },
  {
    id: 'profiler-when-asked-for',
    reason: 'the SDK turns the profiler on for every job, and off where the Region or the instance has none; ours leaves it to the service unless profiler says more',
    apply: (sdk, ours) => { if (!ours.ProfilerConfig && sdk.ProfilerConfig?.DisableProfiler !== undefined) { delete sdk.ProfilerConfig; } },
  },
  {
    id: 'roles-of-their-own',
    reason: 'a model made of a job has a role of its own, which may read its artifact and nothing else; the SDK hands the job\'s role on',
    apply: (sdk, ours) => { if (/^<.*Role.*Arn>$/.test(ours.ExecutionRoleArn ?? '')) { sdk.ExecutionRoleArn = ours.ExecutionRoleArn; } },
  },
  {
    id: 'isolation-and-network-kept',
    reason: 'the SDK drops network isolation when it deploys PyTorch, MXNet, Chainer, XGBoost and Hugging Face jobs; ours keeps it, and packs the script then, which the container can\'t download',
    apply: (sdk, ours) => {
      if (ours.EnableNetworkIsolation !== true || !sdk.PrimaryContainer || sdk.EnableNetworkIsolation) { return; }
      sdk.EnableNetworkIsolation = true;
      if (sdk.PrimaryContainer.Environment?.SAGEMAKER_SUBMIT_DIRECTORY === '<code>') {
        sdk.PrimaryContainer.Environment.SAGEMAKER_SUBMIT_DIRECTORY = '/opt/ml/model/code';
        sdk.PrimaryContainer.ModelDataUrl = '<packed artifact>';
      }
    },
  },
  {
    id: 'packages-of-a-stack',
    reason: 'the package of an algorithm\'s result has a name and a description of the stack\'s, and the model names it by its ARN',
    apply: (sdk, ours) => {
      if (sdk.SourceAlgorithmSpecification) { Object.assign(sdk, { ModelPackageName: ours.ModelPackageName, ModelPackageDescription: ours.ModelPackageDescription }); }
      if (sdk.Containers?.[0]?.ModelPackageName === '<name>') { sdk.Containers[0].ModelPackageName = ours.Containers?.[0]?.ModelPackageName; }
    },
  },
  {
    id: 'file-systems-in-a-vpc',
    reason: 'the SDK sends a file system without a VPC, which the service refuses; a job on one must have a VPC',
    apply: (sdk, ours) => { if (sdk.InputDataConfig?.some((channel: Tree) => channel.DataSource?.FileSystemDataSource)) { sdk.VpcConfig ??= ours.VpcConfig; } },
  },
  {
    id: 'images-in-a-registry',
    reason: 'an image is named with its registry, which a container can be pulled from; the SDK sends any text',
    apply: (sdk, ours) => { if (sdk.PrimaryContainer?.Image === 'serving:1') { sdk.PrimaryContainer.Image = ours.PrimaryContainer?.Image; } },
  },
  {
    id: 'no-slash-at-the-end',
    reason: 'an output prefix is sent without a slash at its end; the service puts one before the job\'s name either way',
    apply: (sdk) => { if (/[^/]\/[^/]+\/$/.test(sdk.OutputDataConfig?.S3OutputPath ?? '')) { sdk.OutputDataConfig.S3OutputPath = sdk.OutputDataConfig.S3OutputPath.slice(0, -1); } },
  },
  {
    id: 'a-folder-for-each-run',
    reason: 'a transform job writes to a folder of its own below the output path, so that no run overwrites another; the SDK does so only where no path is given',
    apply: ({ TransformOutput: output }) => { if (output && !output.S3OutputPath.endsWith('/<name>')) { output.S3OutputPath = `${output.S3OutputPath.replace(/\/$/, '')}/<name>`; } },
  },
];
