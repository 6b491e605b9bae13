import type { CfnProcessingJob } from 'aws-cdk-lib/aws-sagemaker';
import type { ProcessingInputConfig } from './processing-input';
import { CODE } from './processing-job-checks';
import type { ProcessingJobProps } from './processing-job-props';
import type { ScriptConfig } from './script';

/** Where the archive of the script lies in the container, and is unpacked. */
const CODE_FOLDER = `/opt/ml/processing/input/${CODE}`;
/** Each entry of an entry point has at most 256 characters. The archive is the first argument, what is started the others. */
const START = `set -e;cd ${CODE_FOLDER};tar xzf "$0";[ ! -f requirements.txt ]||python3 -m pip install -r requirements.txt;exec "$@"`;

/** The archive of a script as an input. What lies in S3 under the same address may have a revision. */
export function codeInput({ submitDirectory, contentHash = '' }: ScriptConfig): ProcessingInputConfig {
  const s3Input = { s3Uri: submitDirectory, s3DataType: 'S3Prefix', s3InputMode: 'File', s3DataDistributionType: 'FullyReplicated', localPath: CODE_FOLDER };
  return { input: { inputName: CODE, s3Input }, revision: contentHash.startsWith(`${submitDirectory} `) ? contentHash.slice(submitDirectory.length + 1) : undefined };
}

/** How the container is started: its own way, or by a shell that unpacks the script first. */
export function command({ command: starter, entrypoint, arguments: words }: ProcessingJobProps, script: ScriptConfig | undefined): Pick<CfnProcessingJob.AppSpecificationProperty, 'containerEntrypoint' | 'containerArguments'> {
  if (!script) { return { containerEntrypoint: entrypoint, containerArguments: words }; }
  const { entryPoint, fileName } = script;
  return { containerEntrypoint: ['/bin/sh', '-c', START, fileName!, ...starter ?? [entryPoint.endsWith('.sh') ? 'bash' : 'python3'], entryPoint], containerArguments: words };
}
