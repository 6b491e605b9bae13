import type { DescribedJob } from './job-kinds';

/** `1:02:03`, `2:03` */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

const time = (date: Date) => date.toISOString().slice(0, 19).replace('T', ' ');

/** A transition in one line: `2026-11-21 06:20:01 Starting - Preparing the instances for training`. */
export function transitionLine({ status, start, message }: DescribedJob['transitions'][number]): string {
  return `${time(start)} ${status}${message ? ` - ${message}` : ''}`;
}

/** What a job is doing: `Training 2:03  test:accuracy=0.91`. */
export function progressLine(job: DescribedJob, now: number, metrics: ReadonlyMap<string, number>): string {
  const figures = [...metrics].map(([name, value]) => `${name}=${value}`).join('  ');
  return `${job.secondaryStatus ?? job.status} ${clock((now - (job.created?.getTime() ?? now)) / 1000)}${figures === '' ? '' : `  ${figures}`}`;
}

/** How a job ended, or where it is. */
export function summaryLines(job: DescribedJob, metrics: ReadonlyMap<string, number>): string[] {
  const figures = job.finalMetrics.length > 0 ? new Map(job.finalMetrics.map(({ name, value }) => [name, value])) : metrics;
  const width = Math.max(0, ...[...figures.keys()].map((name) => name.length));
  const { trainingSeconds: training, billableSeconds: billable } = job;
  return [
    ...[...figures].map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    `${job.name}: ${job.status}${job.secondaryStatus && job.secondaryStatus !== job.status ? ` (${job.secondaryStatus})` : ''}${job.reason ? `: ${job.reason}` : ''}`,
    ...(training === undefined ? [] : [`trained ${training} s, billed ${billable ?? training} s${job.isSpot && billable !== undefined && training > 0 ? `, ${Math.round((1 - billable / training) * 100)} % saved by spot capacity` : ''}`]),
  ];
}

/** A description for people: names and values in columns, sections apart. */
export function descriptionLines(job: DescribedJob, links: { readonly console?: string; readonly logGroup: string }, tags: ReadonlyMap<string, string>): string[] {
  const d = job.document;
  const resources = d.ResourceConfig ?? {};
  const rows: [string, unknown][] = [
    ['name', job.name], ['ARN', job.arn], ['status', `${job.status}${job.secondaryStatus && job.secondaryStatus !== job.status ? ` (${job.secondaryStatus})` : ''}`], ['reason', job.reason],
    ['created', job.created && time(job.created)], ['trained', job.trainingSeconds && `${job.trainingSeconds} s`], ['billed', job.billableSeconds && `${job.billableSeconds} s`],
    ['image', d.AlgorithmSpecification?.TrainingImage ?? d.AlgorithmSpecification?.AlgorithmName],
    ['instances', resources.InstanceType && `${resources.InstanceCount ?? 1} x ${resources.InstanceType}, ${resources.VolumeSizeInGB} GiB${job.isSpot ? ', spot' : ''}`],
    ['groups', resources.InstanceGroups?.map((group: { [member: string]: unknown }) => `${String(group.InstanceGroupName)}: ${String(group.InstanceCount)} x ${String(group.InstanceType)}`).join(', ')],
    ['output', d.ModelArtifacts?.S3ModelArtifacts ?? d.OutputDataConfig?.S3OutputPath], ['role', d.RoleArn],
    ['stack', tags.get('cdk-sagemaker:stack')], ['resource', tags.get('cdk-sagemaker:logical-id')], ['logs', `${links.logGroup}, streams ${job.name}/`], ['console', links.console],
  ];
  const sections: [string, [string, unknown][]][] = [
    ['', rows],
    ['inputs', (d.InputDataConfig ?? []).map((channel: { [member: string]: any }) => [channel.ChannelName, channel.DataSource?.S3DataSource?.S3Uri ?? channel.DataSource?.FileSystemDataSource?.DirectoryPath ?? channel.DataSource?.DatasetSource?.DatasetArn])],
    ['hyperparameters', Object.entries(d.HyperParameters ?? {})],
    ['metrics', job.finalMetrics.map(({ name, value }) => [name, value])],
    ['history', job.transitions.map((each) => [time(each.start), `${each.status}${each.message ? ` - ${each.message}` : ''}`])],
  ];
  return sections.map(([title, entries]) => [title, entries.filter(([, value]) => value !== undefined && value !== '')] as const)
    .filter(([, entries]) => entries.length > 0)
    .flatMap(([title, entries]) => {
      const width = Math.max(...entries.map(([name]) => name.length));
      return [...(title === '' ? [] : ['', title]), ...entries.map(([name, value]) => `${title === '' ? '' : '  '}${name.padEnd(width)}  ${String(value)}`)];
    });
}
