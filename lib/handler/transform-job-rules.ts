import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { JOB_STATES, type JobRules, type Tree } from './job-kind';
import { EMPTY_COLUMN } from './run-key';

export const TRANSFORM_JOB_RULES: JobRules = {
  ...JOB_KIND_FACTS.TransformJob,
  nameMember: 'TransformJobName',
  arnMember: 'TransformJobArn',
  statusMember: 'TransformJobStatus',
  states: JOB_STATES,
  key: {
    ...EMPTY_COLUMN,
    omitted: ['TransformJobName', 'Tags', 'ModelClientConfig'],
    defaults: {
      'TransformInput.CompressionType': 'None',
      'TransformInput.SplitType': 'None',
      'TransformOutput.AssembleWith': 'None',
      'DataProcessing.InputFilter': '$',
      'DataProcessing.OutputFilter': '$',
      'DataProcessing.JoinSource': 'None',
      'DataCaptureConfig.GenerateInferenceId': 'false',
      'MaxConcurrentTransforms': '0',
    },
    images: ['ModelName.Content.Containers.*.Image'],
  },
  attributes: {
    OutputPath: outputPath,
    OutputBucket: (job) => /^s3:\/\/([^/]+)/.exec(outputPath(job) ?? '')?.[1],
    OutputKey: (job) => /^s3:\/\/[^/]+\/(.*)$/.exec(`${outputPath(job) ?? ''}/`)?.[1],
    Status: (job) => job.TransformJobStatus,
    JobArn: (job) => job.TransformJobArn,
  },
  derived: 'OutputPath',
};

/** Without the slash that may be at its end: a job made elsewhere writes where it was told to. */
function outputPath(job: Tree): string | undefined {
  return (job.TransformOutput?.S3OutputPath as string | undefined)?.replace(/\/$/, '');
}
