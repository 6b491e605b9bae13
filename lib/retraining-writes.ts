import { isToken } from './request/checks';
import { JOB_NAME } from './request/training-job-hyperparameters';
import type { RetrainingJob } from './retraining-job';

/** Some of the objects that the jobs of a workflow write. */
export interface Written {
  /** What their addresses begin with. */
  readonly start: string;
  /** One of which their keys end with, where nothing else is written there. */
  readonly endings?: readonly string[];
}

/** Where SageMaker makes a folder for each job. Elsewhere a job writes into the place itself, or has its name in the address. */
const WITH_FOLDERS = ['OutputDataConfig', 'TensorBoardOutputConfig', 'DebugHookConfig', 'ProfilerConfig'];

/** What the jobs of a workflow write, as their request says it. */
export function writesOf({ namePrefix, request }: Pick<RetrainingJob, 'namePrefix' | 'request'>, inside = ''): Written[] {
  return Object.entries(request).flatMap(([member, value]) => {
    if (typeof value === 'string') { return isPlace(inside, member) ? [{ start: startOf(value, `${namePrefix}-`, inside), endings: endingsOf(inside, request) }] : []; }
    if (typeof value !== 'object' || value === null || isToken(value)) { return []; }
    return writesOf({ namePrefix, request: value as RetrainingJob['request'] }, Array.isArray(request) ? inside : member);
  });
}

const isPlace = (inside: string, member: string) => member === 'S3OutputPath' || member === 'DestinationS3Uri' || (inside === 'CheckpointConfig' && member === 'S3Uri');

function startOf(place: string, names: string, inside: string): string {
  const [before, after] = place.split(JOB_NAME);
  if (after !== undefined) { return before + names; }
  return `${place.replace(/\/+$/, '')}/${WITH_FOLDERS.includes(inside) ? names : ''}`;
}

function endingsOf(inside: string, { CompressionType: compression }: RetrainingJob['request']): readonly string[] | undefined {
  if (inside === 'TransformOutput') { return ['.out']; }
  return inside === 'OutputDataConfig' && compression !== 'NONE' ? ['/output/model.tar.gz', '/output/output.tar.gz'] : undefined;
}
