import { FactName, Fact, RegionInfo } from 'aws-cdk-lib/region-info';
import { consolePage, logsPage, partitionOf, urlSuffixOf } from '../../lib/limits/partitions';

const REGIONS = RegionInfo.regions.map(({ name }) => name);

describe('Partitions', () => {
  test('are what CDK knows of every Region', () => {
    expect(new Set(REGIONS.map((region) => Fact.find(region, FactName.PARTITION))).size).toBeGreaterThanOrEqual(8);
    expect(REGIONS.filter((region) => partitionOf(region) !== Fact.find(region, FactName.PARTITION))).toEqual([]);
  });

  test('have the domains that CDK knows', () => {
    expect(REGIONS.filter((region) => urlSuffixOf(region) !== Fact.find(region, FactName.DOMAIN_SUFFIX))).toEqual([]);
  });

  test.each([
    ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/a'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/sagemaker/home?region=cn-north-1#/jobs/a'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/sagemaker/home?region=us-gov-west-1#/jobs/a'],
    ['aws-eusc', 'eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/sagemaker/home?region=eusc-de-east-1#/jobs/a'],
  ])('have a console: %s', (partition, region, page) => expect(consolePage(partition, region, 'jobs/a')).toBe(page));

  test('have a page for a log group and some of its streams, named as the console names them', () => {
    const home = 'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#logsV2:log-groups/log-group';
    expect(logsPage('aws-cn', 'cn-north-1', '/aws/sagemaker/TrainingJobs', 'a/')).toBe(`${home}/$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3Da$252F`);
    expect(logsPage('aws-cn', 'cn-north-1', '/aws/sagemaker/Endpoints/a')).toBe(`${home}/$252Faws$252Fsagemaker$252FEndpoints$252Fa`);
  });

  test.each(['aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'constructor', ''])('without a console that is known have no link: %s', (partition) => {
    expect(logsPage(partition, 'us-iso-east-1', '/aws/sagemaker/TrainingJobs', 'a/')).toBeUndefined();
    expect(consolePage(partition, 'us-iso-east-1', 'jobs/a')).toBeUndefined();
  });
});
