/** An app with every prop, for the versions of aws-cdk-lib that it must synthesize with. */
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { DataSource, EndpointDashboard, JobProvider } from 'cdk-sagemaker';
import { EVERY_PROP, network } from './every-prop';
import { trainingIn } from './stacks';

const app = new App();

for (const [index, props] of Object.values(EVERY_PROP).entries()) {
  const stack = new Stack(app, `Props${index}`);
  trainingIn(stack, props(stack));
}

const served = new Stack(app, 'Served');
JobProvider.configure(served, { ...network(served), encryptionKey: new Key(served, 'Key') });
const endpoint = trainingIn(served, { inputs: { train: DataSource.fromAsset(__dirname) } }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });
const alarms = [endpoint.alarmErrorRate('Errors'), endpoint.alarmLatency('Slow', { threshold: Duration.millis(200) })];
new EndpointDashboard(served, 'Dashboard', { endpoints: [endpoint], alarms });
endpoint.allowFromVpc(new Vpc(served, 'Callers', { natGateways: 0 }), { describe: true });

app.synth();
