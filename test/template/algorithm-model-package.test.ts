import { Template } from 'aws-cdk-lib/assertions';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { algorithmModelPackage } from '../../lib/template/algorithm-model-package';
import { ALGORITHM_ARN } from '../support/algorithm';
import { bucketNamed, emptyStack, ofType, only, trainingIn } from '../support/stacks';

const URI = 's3://b/model.tar.gz';
const packageOf = (template: Template) => only(template, 'AWS::SageMaker::ModelPackage').Properties;

describe('The package of what an algorithm has made', () => {
  test('names the algorithm and the artifact, as the Python SDK does', () => {
    const stack = emptyStack();
    algorithmModelPackage(trainingIn(stack), { algorithmName: ALGORITHM_ARN, modelDataUrl: URI });
    expect(packageOf(Template.fromStack(stack))).toEqual({
      ModelPackageName: expect.stringMatching(/^stack-train-[0-9a-f]{10}$/),
      ModelPackageDescription: `Result of the algorithm ${ALGORITHM_ARN}`,
      SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: ALGORITHM_ARN, ModelDataUrl: URI }] },
    });
  });

  test('has the name of the job that made it: another run is another package', () => {
    const stack = emptyStack();
    const job = trainingIn(stack);
    algorithmModelPackage(job, { algorithmName: 'trees', modelDataUrl: job.modelArtifacts, jobName: job.trainingJobName });
    expect(packageOf(Template.fromStack(stack))).toMatchObject({
      ModelPackageName: { Ref: 'Train781835F2' },
      SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: 'trees', ModelDataUrl: { 'Fn::GetAtt': ['TrainOutcome732D6B0A', 'ModelArtifacts'] } }] },
    });
  });

  test('has another name for another artifact or algorithm, and the same for the same', () => {
    const nameOf = (algorithmName: string, modelDataUrl: string) => {
      const stack = emptyStack();
      algorithmModelPackage(trainingIn(stack), { algorithmName, modelDataUrl });
      return packageOf(Template.fromStack(stack)).ModelPackageName as string;
    };
    expect(nameOf('a', URI)).toBe(nameOf('a', URI));
    expect(new Set([nameOf('a', URI), nameOf('b', URI), nameOf('a', 's3://b/other.tar.gz')]).size).toBe(3);
    expect(nameOf('a', bucketNamed(emptyStack(), 'models').s3UrlForObject('m.tar.gz'))).toBe(nameOf('a', 's3://models/m.tar.gz'));
  });

  test('is one for all models of a job', () => {
    const stack = emptyStack();
    const job = trainingIn(stack);
    const result = { algorithmName: 'trees', modelDataUrl: URI, jobName: job.trainingJobName };
    for (const id of ['One', 'Two']) {
      new CfnModel(stack, id, { containers: [{ modelPackageName: algorithmModelPackage(job, result).attrModelPackageArn }] });
    }
    const template = Template.fromStack(stack);
    const [[id]] = ofType(template, 'AWS::SageMaker::ModelPackage');
    expect(ofType(template, 'AWS::SageMaker::Model').map(([, model]) => model.Properties.Containers)).toEqual(Array(2).fill([{ ModelPackageName: { 'Fn::GetAtt': [id, 'ModelPackageArn'] } }]));
  });
});
