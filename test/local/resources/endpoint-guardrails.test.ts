import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import { CloudFormation } from '../../../lib/local/cloudformation/engine';
import { MemoryStackStore } from '../../../lib/local/cloudformation/stack-store';
import { resourceTypes } from '../../../lib/local/resources';
import type { LocalServices } from '../../../lib/local/resources/services';
import { failureOf } from '../../support/local-stack';
import { IMAGE, ROLE, SageMakerBench, SAYING } from '../support/sagemaker-bench';
import { SteadyLoad } from '../support/steady-load';

const FAILING = `${SAYING}\ndef predict_fn(data, model):\n    raise RuntimeError("asked to fail")\n`;

/** A stack with an endpoint that is moved by a canary and watched by an alarm. The alarm has to be there first, so that it knows the endpoint by its name. */
const template = (data: string) => ({
  Resources: {
    M: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: data } } },
    C: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ VariantName: 'live', ModelName: { 'Fn::GetAtt': ['M', 'ModelName'] }, InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1 }] } },
    A: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        Namespace: 'AWS/SageMaker', MetricName: 'Invocation5XXErrors', Statistic: 'Average', Period: 60, EvaluationPeriods: 1, Threshold: '0.1', ComparisonOperator: 'GreaterThanThreshold',
        Dimensions: [{ Name: 'EndpointName', Value: 'guarded' }, { Name: 'VariantName', Value: 'live' }], TreatMissingData: 'notBreaching',
      },
    },
    E: {
      Type: 'AWS::SageMaker::Endpoint',
      Properties: {
        EndpointName: 'guarded', EndpointConfigName: { 'Fn::GetAtt': ['C', 'EndpointConfigName'] },
        DeploymentConfig: {
          BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: '50' }, WaitIntervalInSeconds: '600' } },
          AutoRollbackConfiguration: { Alarms: [{ AlarmName: { Ref: 'A' } }] },
        },
      },
    },
  },
});

test('an endpoint of a stack goes back when its alarm goes off, and so does the stack', async () => {
  const bench = await SageMakerBench.open({ minute: 500 });
  const { sageMaker, s3 } = bench;
  const engine = new CloudFormation({
    clock: SYSTEM_CLOCK, store: new MemoryStackStore(), answersUrl: () => 'http://127.0.0.1:1/', deliver: () => Promise.reject(new Error('no functions here')),
    types: resourceTypes({ sageMaker, cloudWatch: sageMaker.cloudWatch, s3 } as unknown as LocalServices),
  });
  const deploy = (data: string) => engine.deploy({ stackName: 'stack', template: template(data) }).finished;
  try {
    const good = await bench.archive('good.tar.gz', { 'text.txt': 'good', 'code/inference.py': SAYING });
    const bad = await bench.archive('bad.tar.gz', { 'text.txt': 'bad', 'code/inference.py': FAILING });
    const first = await deploy(good);
    expect(first.status).toBe('CREATE_COMPLETE');
    const load = new SteadyLoad(50, () => bench.ask('guarded'));
    const second = await deploy(bad).finally(() => load.end());
    expect(second.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failureOf(second)).toMatch(/rolled back: during it this alarm went into the state ALARM: stack-A-/);
    expect(load.lost.length).toBeGreaterThan(0);
    expect(JSON.parse(await bench.ask('guarded'))).toMatchObject({ text: 'good' });
    expect(second.resources.C?.physical?.physicalId).toBe(first.resources.C?.physical?.physicalId);
  } finally {
    await bench.close();
  }
}, 60_000);
