import type { Tag } from '@aws-sdk/client-sagemaker';
import type { JobMember } from '../job-progress';
import type { SageMakerState } from './state-file';

type Answer = Record<string, unknown>;

/** A job or an endpoint is in another state. */
export interface StateChange {
  readonly kind: JobMember | 'Endpoint';
  /** As the Describe call answers. */
  readonly described: Answer;
  readonly tags: readonly Tag[];
}

interface Known { readonly arn: string; readonly status: string; readonly secondaryStatus?: string }
const stateOf = ({ status, secondaryStatus }: Known) => `${status} ${secondaryStatus ?? ''}`;

/** Sees what is in another state since it looked last. */
export class StateChanges {
  private seen = new Map<string, string>();

  constructor(private readonly state: SageMakerState, private readonly describe: (kind: StateChange['kind'], name: string) => Answer, private readonly tell: (change: StateChange) => void) {
    this.seen = new Map(this.all().map(({ record }) => [record.arn, stateOf(record)]));
  }

  look(): void {
    const before = this.seen;
    const now = this.all();
    this.seen = new Map(now.map(({ record }) => [record.arn, stateOf(record)]));
    for (const { kind, name, record } of now.filter((each) => before.get(each.record.arn) !== stateOf(each.record))) {
      this.tell({ kind, described: this.describe(kind, name), tags: this.state.tags[record.arn] ?? [] });
    }
  }

  private all(): { readonly kind: StateChange['kind']; readonly name: string; readonly record: Known }[] {
    const { trainingJobs, tuningJobs, transformJobs, processingJobs, endpoints } = this.state;
    const kinds: readonly [StateChange['kind'], Record<string, Known>][] = [
      ['TrainingJob', trainingJobs], ['HyperParameterTuningJob', tuningJobs], ['TransformJob', transformJobs], ['ProcessingJob', processingJobs], ['Endpoint', endpoints],
    ];
    return kinds.flatMap(([kind, records]) => Object.entries(records).map(([name, record]) => ({ kind, name, record })));
  }
}
