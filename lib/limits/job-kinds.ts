/** What is known of a kind of job without asking the service: the half of its row that templates need as well. */
export interface JobKindFacts {
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
}

/** The kinds of job, by the word that the names of their calls end in. */
export const JOB_KIND_FACTS = {
  TrainingJob: { arnType: 'training-job', longestName: 63, calls: calls('TrainingJob', 'Delete', 'Update') },
  HyperParameterTuningJob: { arnType: 'hyper-parameter-tuning-job', longestName: 32, calls: calls('HyperParameterTuningJob', 'Delete'), launches: 'TrainingJob' },
  // There is no DeleteTransformJob: its names are never free again (aws-facts 2.1).
  TransformJob: { arnType: 'transform-job', longestName: 63, calls: calls('TransformJob'), passesNoRole: true },
} as const satisfies { readonly [kind: string]: JobKindFacts };

/** What the calls of a kind are usually named. */
function calls(kind: string, ...more: string[]): JobKindFacts['calls'] {
  return [`Create${kind}`, `Describe${kind}`, `Stop${kind}`, ...more.map((verb) => `${verb}${kind}`)];
}

export type JobKindName = keyof typeof JOB_KIND_FACTS;
