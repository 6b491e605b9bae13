import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Aws, type Stack } from 'aws-cdk-lib/core';
import { Algorithm, ContainerImage } from 'cdk-sagemaker';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowing, emptyStack, flat, jobOf, jobTemplate, trainingIn } from './support/stacks';

const withImage = (image: (stack: Stack) => ContainerImage) => jobTemplate((stack) => ({ algorithm: Algorithm.image(image(stack)) }));
const imageOf = (template: Template) => flat(jobOf(template).Request.AlgorithmSpecification.TrainingImage);
const pulled = (template: Template) => allowing(template, 'TrainRole', 'ecr:BatchGetImage').map((statement) => flat(statement.Resource));
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('ContainerImage', () => {
  test('of a repository has its tag, and the job may pull that repository alone', () => {
    const template = withImage((stack) => ContainerImage.fromEcrRepository(new Repository(stack, 'Repo'), '1.2'));
    expect(imageOf(template)).toMatch(/dkr\.ecr\..*:1\.2$/);
    expect(pulled(template)).toEqual([expect.stringMatching(/^<Repo[0-9A-F]+\.Arn>$/)]);
    expect(allowing(template, 'TrainRole', 'ecr:GetAuthorizationToken')).toMatchObject([{ Resource: '*' }]);
    expect(jobOf(template)).not.toHaveProperty('Content');
  });

  test('of a repository with a digest counts by the digest', () => {
    const template = withImage((stack) => ContainerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Repo', 'mine'), DIGEST));
    expect(imageOf(template)).toMatch(new RegExp(`mine@${DIGEST}$`));
    expect(jobOf(template).Content).toEqual({ 'AlgorithmSpecification.TrainingImage': DIGEST });
  });

  test('built from a directory counts by the hash of that', () => {
    const folder = mkdtempSync(join(tmpdir(), 'image-'));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
    const stack = emptyStack();
    trainingIn(stack, { algorithm: Algorithm.image(ContainerImage.fromAsset(folder, { platform: Platform.LINUX_ARM64 })) });
    const template = Template.fromStack(stack);
    const hash = jobOf(template).Content['AlgorithmSpecification.TrainingImage'];
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(imageOf(template)).toContain(hash);
    expect(pulled(template)).toEqual([expect.stringContaining('cdk-hnb659fds-container-assets')]);
    const assets = JSON.parse(readFileSync(join((stack.node.root as any).synth().directory, 'Stack.assets.json'), 'utf8'));
    expect(assets.dockerImages[hash].source.platform).toBe('linux/arm64');
  });

  test.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/a/b:1', 'arn:<AWS::Partition>:ecr:eu-west-1:123456789012:repository/a/b'],
    [`123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1@${DIGEST}`, 'arn:<AWS::Partition>:ecr:cn-north-1:123456789012:repository/a'],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a', 'arn:<AWS::Partition>:ecr:us-gov-west-1:123456789012:repository/a'],
    [`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/a:1`, 'arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/a'],
  ])('by its URI %s may be pulled from that repository', (uri, arn) => {
    expect(pulled(withImage(() => ContainerImage.fromUri(uri)))).toEqual([arn]);
  });

  test.each(['docker.io/library/python:3', 'python:3', 'public.ecr.aws/a/b:1', '123.dkr.ecr.eu-west-1.amazonaws.com', '763104351884.dkr.ecr.us-east-1.evil.example/img:1', '763104351884.dkr.ecr.us-east-1.amazonaws.com.evil.example/img:1', ''])('rejects the URI "%s", which is none of ECR', (uri) => {
    expect(() => withImage(() => ContainerImage.fromUri(uri))).toThrow('Stack/Train: image must be in Amazon ECR');
  });
});
