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

/** A page of SageMaker in the console, where there is one. */
export function consolePage(partition: string, region: string, page: string): string | undefined {
  return Object.hasOwn(CONSOLES, partition) ? `https://${region}.${CONSOLES[partition]}/sagemaker/home?region=${region}#/${page}` : undefined;
}
