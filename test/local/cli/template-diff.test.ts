import { templateDiff } from '../../../lib/local/cli/template-diff';
import { replacementRules } from '../../../lib/local/resources';

const rules = replacementRules();
const diff = (old: object, wanted: object) => templateDiff({ Resources: old } as never, { Resources: wanted } as never, (type, a, b) => rules.get(type)?.(a, b) === true);

const job = (request: object) => ({ Type: 'Custom::SageMakerTrainingJob', Properties: { ServiceToken: 'arn', Request: request } });
const outcome = { Type: 'Custom::SageMakerJobOutcome', Properties: { ServiceToken: 'arn', JobName: { Ref: 'Job' } } };
const model = { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { ModelDataUrl: { 'Fn::GetAtt': ['Outcome', 'ModelArtifacts'] } } } };
const config = { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ VariantName: 'A', ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] } }] } };
const endpoint = { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] } } };
const stack = (request: object) => ({ Job: job(request), Outcome: outcome, Model: model, Config: config, Endpoint: endpoint, Other: { Type: 'AWS::SNS::Topic' } });

describe('the difference of two templates', () => {
  test('is nothing for the same template', () => expect(diff(stack({}), stack({}))).toEqual([]));

  test('follows a changed job to the endpoint that moves along', () => {
    const changes = diff(stack({ HyperParameters: { epochs: '10' } }), stack({ HyperParameters: { epochs: '20' } }));
    expect(changes.map(({ logicalId, change, because }) => [logicalId, change, ...because])).toEqual([
      ['Job', 'update'], ['Outcome', 'update', 'Job'], ['Model', 'replace', 'Outcome'], ['Config', 'replace', 'Model'], ['Endpoint', 'update', 'Config'],
    ]);
    expect(changes[0]?.properties).toEqual([{ path: 'Request.HyperParameters.epochs', old: '10', new: '20' }]);
  });

  test('names the elements of lists, and writes expressions as people do', () => {
    const channel = (uri: unknown) => ({ InputDataConfig: [{ ChannelName: 'train', Uri: uri }] });
    const [change] = diff({ Job: job(channel('s3://a')) }, { Job: job(channel({ 'Fn::Join': ['', ['s3://', { Ref: 'Bucket' }, '/x/', { 'Fn::GetAtt': ['A', 'Key'] }]] })) });
    expect(change?.properties).toEqual([
      { path: 'Request.InputDataConfig[train].Uri', old: 's3://a', new: 's3://${Bucket}/x/${A.Key}' },
    ]);
  });

  test('says what is added, removed and replaced', () => {
    const role = (name: string) => ({ Type: 'AWS::IAM::Role', Properties: { RoleName: name } });
    expect(diff({ A: role('a'), B: role('b') }, { B: role('c'), C: role('d') }).map(({ logicalId, change }) => `${change} ${logicalId}`)).toEqual(['replace B', 'add C', 'remove A']);
  });
});
