import type { IConstruct } from 'constructs';
import { isToken, refuse } from './checks';

type Parameters = { [name: string]: unknown };

/** The parameters of the model parallel library that the Python SDK knows; others go to the library as they are. */
const WORDS: { [name: string]: readonly string[] } = {
  pipeline: ['simple', 'interleaved', '_only_forward'],
  placement_strategy: ['spread', 'cluster'],
  optimize: ['speed', 'memory'],
};
const COUNTS = ['microbatches', 'partitions', 'active_microbatches'];
const SWITCHES = ['auto_partition', 'contiguous', 'load_partition', 'horovod', 'ddp', 'deterministic_server'];

/** Refuses what the library can't be given. */
export function checkModelParallelParameters(scope: IConstruct, prop: string, parameters: Parameters): void {
  const known = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined && !isToken(value)));
  const must = (name: string, rule: string, holds: (value: unknown) => boolean) => {
    if (name in known && !holds(known[name])) { refuse(scope, `${prop}.${name}`, rule, known[name]); }
  };
  for (const [name, words] of Object.entries(WORDS)) { must(name, `be one of ${words.join(', ')}`, (value) => words.includes(value as string)); }
  for (const name of COUNTS) { must(name, 'be a whole number of at least 1', (value) => Number.isInteger(value) && (value as number) >= 1); }
  for (const name of SWITCHES) { must(name, 'be true or false', (value) => typeof value === 'boolean'); }
  must('partition_file', 'be a text', (value) => typeof value === 'string');
  must('memory_weight', 'be between 0 and 1', (value) => typeof value === 'number' && value >= 0 && value <= 1);
  must('ddp_port', 'be the number of a port', (value) => Number.isInteger(value) && (value as number) >= 0);
  must('ddp_port', 'come with ddp', () => given(parameters, 'ddp'));
  must('ddp_dist_backend', 'come with ddp', () => given(parameters, 'ddp'));
  must('ddp', 'be false where horovod is true', (value) => !(value === true && known.horovod === true));
  must('auto_partition', 'be true unless default_partition says where modules go', (value) => value !== false || given(parameters, 'default_partition'));
  must('default_partition', 'come with partitions', () => given(parameters, 'partitions'));
  must('default_partition', 'be less than partitions', (value) => !('partitions' in known) || (value as number) < (known.partitions as number));
}

const given = (parameters: Parameters, name: string) => parameters[name] !== undefined;
