import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CaptureMode, ContainerImage, DataCapture, Model, type DataCaptureOptions } from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, only } from './support/stacks';

function captured(options: (stack: ReturnType<typeof emptyStack>) => DataCaptureOptions = () => ({})): Template {
  const stack = emptyStack();
  const dataCapture = DataCapture.toBucket(bucketNamed(stack, 'captures'), 'digits/', options(stack));
  new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType: 'ml.m5.large', dataCapture });
  return Template.fromStack(stack);
}
const asked = (template: Template) => only(template, 'AWS::SageMaker::EndpointConfig').Properties.DataCaptureConfig;

describe('DataCapture', () => {
  test('writes a fifth of requests and answers, as CSV and JSON, where the model may write', () => {
    const template = captured();
    expect(asked(template)).toEqual({
      EnableCapture: true, InitialSamplingPercentage: 20, DestinationS3Uri: 's3://captures/digits', CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
      CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
    });
    expect(allowing(template, 'ModelRole', 's3:PutObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::captures/digits/*']);
  });

  test('may be off, of answers alone, of other types, and encrypted', () => {
    const template = captured((stack) => ({
      enabled: false, samplingPercentage: 0, modes: [CaptureMode.OUTPUT], csvContentTypes: ['text/tsv'], jsonContentTypes: ['application/jsonlines', 'application/x+json'],
      encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/k'),
    }));
    expect(asked(template)).toMatchObject({
      EnableCapture: false, InitialSamplingPercentage: 0, CaptureOptions: [{ CaptureMode: 'Output' }], KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
      CaptureContentTypeHeader: { CsvContentTypes: ['text/tsv'], JsonContentTypes: ['application/jsonlines', 'application/x+json'] },
    });
    expect(allowing(template, 'ModelRole', 'kms:Encrypt')).toHaveLength(1);
  });

  test.each<[string, DataCaptureOptions, string]>([
    ['more than all', { samplingPercentage: 101 }, 'dataCapture.samplingPercentage must be a whole number between 0 and 100, got 101'],
    ['nothing to capture', { modes: [] }, 'dataCapture.modes must have 1 to 32 entries, got 0'],
    ['no type', { csvContentTypes: [] }, 'dataCapture.csvContentTypes must have 1 to 10 entries, got 0'],
    ['what is no type', { jsonContentTypes: ['json'] }, 'dataCapture.jsonContentTypes must be MIME types, for instance text/csv, got json'],
  ])('rejects %s', (_what, options, message) => expect(() => captured(() => options)).toThrow(`Stack/Model/EndpointConfig: ${message}`));
});
