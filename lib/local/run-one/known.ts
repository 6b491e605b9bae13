import { partitionOf } from '../../limits/partitions';
import { CommandError } from '../cli/output';
import type { Properties } from '../cloudformation/stack-record';
import type { OneRun } from './one-run';
import type { Unknown } from './unknown';

/** Members that say nothing to a job on this machine: networks and keys are not there, and roles are not asked. */
const OF_NO_CONSEQUENCE = /^(RoleArn|ExecutionRoleArn|KmsKeyId|VolumeKmsKeyId|VpcConfig|Tags|ExperimentConfig)$/;
const ANY_ROLE = `arn:${partitionOf('us-east-1')}:iam::123456789012:role/local`;

/** A request without members that are not known and of no consequence. @throws CommandError for what has to be known, with the option that gives it */
export function checkKnown({ values, data, construct }: Pick<OneRun, 'values' | 'data' | 'construct'>, request: Properties): Properties {
  const left = withoutUnknown(request, (value) => values.unknowns.within(value).length > 0);
  const [first] = values.unknowns.within(left);
  if (first === undefined) { return left; }
  const { path, unknown } = first;
  const job = data.jobOf(unknown.logicalId);
  const orRun = job === undefined || job === construct.path ? '' : `, or run ${job} first, in the same state folder`;
  throw new CommandError(`${construct.path}: ${path.join('.')} is not known without a deployed stack, it is ${unknown.what}. Give ${optionFor(path, unknown)}${orRun}`);
}

function withoutUnknown(value: Properties, isUnknown: (value: unknown) => boolean): Properties {
  return Object.fromEntries(Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (OF_NO_CONSEQUENCE.test(name) && isUnknown(member)) { return name.endsWith('RoleArn') ? [[name, ANY_ROLE]] : []; }
    return [[name, typeof member === 'object' && member !== null && !Array.isArray(member) ? withoutUnknown(member as Properties, isUnknown) : member]];
  }));
}

function optionFor(path: readonly string[], { hint }: Unknown): string {
  const after = (member: string) => path[path.indexOf(member) + 1];
  if (hint !== undefined) { return hint; }
  if (path.includes('InputDataConfig')) { return `--channel ${after('InputDataConfig')}=<folder or file>`; }
  if (path.includes('ModelDataUrl') || path.includes('ModelDataSource')) { return '--model <file or folder>'; }
  if (path.includes('TransformInput')) { return '--input <folder or file>'; }
  const [member] = ['HyperParameters', 'StaticHyperParameters', 'Environment'].filter((name) => path.includes(name));
  if (member !== undefined) { return `--${member === 'Environment' ? 'environment' : 'hyperparameter'} ${after(member)}=<value>`; }
  return 'it a value in the app: no option does';
}
