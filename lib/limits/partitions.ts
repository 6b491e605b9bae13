/** Partitions by what the names of their Regions begin with; the first that fits. */
const PARTITIONS: readonly { readonly prefix: string; readonly partition: string; readonly urlSuffix: string }[] = [
  { prefix: 'cn-', partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn' },
  { prefix: 'us-gov-', partition: 'aws-us-gov', urlSuffix: 'amazonaws.com' },
  { prefix: 'us-iso-', partition: 'aws-iso', urlSuffix: 'c2s.ic.gov' },
  { prefix: 'us-isob-', partition: 'aws-iso-b', urlSuffix: 'sc2s.sgov.gov' },
  { prefix: 'us-isof-', partition: 'aws-iso-f', urlSuffix: 'csp.hci.ic.gov' },
  { prefix: 'eu-isoe-', partition: 'aws-iso-e', urlSuffix: 'cloud.adc-e.uk' },
  { prefix: 'eusc-', partition: 'aws-eusc', urlSuffix: 'amazonaws.eu' },
  { prefix: '', partition: 'aws', urlSuffix: 'amazonaws.com' },
];

const of = (region: string) => PARTITIONS.find(({ prefix }) => region.startsWith(prefix))!;

export const partitionOf = (region: string): string => of(region).partition;

/** The domain of a Region's partition. */
export const urlSuffixOf = (region: string): string => of(region).urlSuffix;

/** The domains of all partitions. */
export const URL_SUFFIXES: readonly string[] = [...new Set(PARTITIONS.map(({ urlSuffix }) => urlSuffix))];

/** Consoles that can be reached; those of the isolated partitions have no address that is published. */
const CONSOLES: { readonly [partition: string]: string } = {
  'aws': 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** The domain of the console of each partition; undefined where none is known. */
export const CONSOLE_DOMAINS: readonly (readonly [partition: string, domain: string | undefined])[] = PARTITIONS.map(({ partition }) => [partition, consoleDomain(partition)] as const);

function consoleDomain(partition: string): string | undefined {
  return Object.hasOwn(CONSOLES, partition) ? CONSOLES[partition] : undefined;
}

/** A page of SageMaker in the console, where there is one. */
export function consolePage(partition: string, region: string, page: string): string | undefined {
  const domain = consoleDomain(partition);
  return domain && consolePageAt(domain, region, page);
}

/** The same, where the domain is known; maybe to CloudFormation alone. */
export const consolePageAt = (domain: string, region: string, page: string): string => `https://${region}.${domain}/sagemaker/home?region=${region}#/${page}`;

/** A log group in the console, where there is one, and of its streams those that begin so. */
export function logsPage(partition: string, region: string, group: string, streams?: string): string | undefined {
  const domain = consoleDomain(partition);
  return domain && logsPageAt(domain, region, group, streams);
}

export function logsPageAt(domain: string, region: string, group: string, streams?: string): string {
  const filter = streams === undefined ? '' : `$3FlogStreamNameFilter$3D${encoded(streams)}`;
  return `https://${region}.${domain}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${encoded(group)}${filter}`;
}

/** Twice, as the console does it, with a dollar sign in the place of the percent sign. Of the names of SageMaker, nothing but slashes needs it, and what is known later passes. */
const encoded = (name: string): string => name.replaceAll('/', '$252F');
