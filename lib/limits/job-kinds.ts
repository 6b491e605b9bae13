/** What is known of a kind of job without asking the service: the half of its row that templates need as well. */
export interface JobKindFacts {
  /** The word for people. */
  readonly noun: string;
  /** ARN resource type, e.g. `training-job`. */
  readonly arnType: string;
  /** Longest name, in characters. */
  readonly longestName: number;
  /** The calls there are, which are the actions that the handler may do; the second describes a job. */
  readonly calls: readonly [create: string, describe: string, stop: string, ...more: string[]];
  /** A kind whose jobs it launches by itself, under names that begin with its own. */
  readonly launches?: string;
  /** A kind that is given no role: that of its model is passed when the model is made. */
  readonly passesNoRole?: boolean;
  readonly logGroup: string;
  /** What the names of its log streams begin with. */
  readonly logStreams: (name: string) => string;
  /** Path of the console's page. */
  readonly page: (name: string) => string;
}

/** The kinds of job, by the word that the names of their calls end in. */
export const JOB_KIND_FACTS = {
  TrainingJob: {
    noun: 'training job', arnType: 'training-job', longestName: 63, calls: calls('TrainingJob', 'Delete', 'Update'),
    logGroup: '/aws/sagemaker/TrainingJobs', logStreams: (name: string) => `${name}/`, page: (name: string) => `jobs/${name}`,
  },
  // Its log is that of its training jobs, whose names begin with its own.
  HyperParameterTuningJob: {
    noun: 'tuning job', arnType: 'hyper-parameter-tuning-job', longestName: 32, calls: calls('HyperParameterTuningJob', 'Delete'), launches: 'TrainingJob',
    logGroup: '/aws/sagemaker/TrainingJobs', logStreams: (name: string) => `${name}-`, page: (name: string) => `hyper-tuning-jobs/${name}`,
  },
  // There is no DeleteTransformJob: its names are never free again (aws-facts 2.1).
  TransformJob: {
    noun: 'transform job', arnType: 'transform-job', longestName: 63, calls: calls('TransformJob'), passesNoRole: true,
    logGroup: '/aws/sagemaker/TransformJobs', logStreams: (name: string) => `${name}/`, page: (name: string) => `transform-jobs/${name}`,
  },
} as const satisfies { readonly [kind: string]: JobKindFacts };

/** Where a job is shown, of whatever kind. */
export type ShownAt = Pick<JobKindFacts, 'noun' | 'logGroup' | 'logStreams' | 'page'>;

/** A processing job, which CloudFormation runs by itself. */
export const PROCESSING_JOB_FACTS: ShownAt = {
  noun: 'processing job', logGroup: '/aws/sagemaker/ProcessingJobs', logStreams: (name) => `${name}/`, page: (name) => `processing-jobs/${name}`,
};

/** What the calls of a kind are usually named. */
function calls(kind: string, ...more: string[]): JobKindFacts['calls'] {
  return [`Create${kind}`, `Describe${kind}`, `Stop${kind}`, ...more.map((verb) => `${verb}${kind}`)];
}

export type JobKindName = keyof typeof JOB_KIND_FACTS;
