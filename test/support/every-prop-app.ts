/** An app with every prop, for the versions of aws-cdk-lib that it must synthesize with. */
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { DataSource, JobProvider } from 'cdk-sagemaker';
import { everyEndpointConfig } from './every-endpoint-config';
import { EVERY_PROP, network } from './every-prop';
import { trainingIn } from './stacks';

const app = new App();

for (const [index, props] of Object.values(EVERY_PROP).entries()) {
  const stack = new Stack(app, `Props${index}`);
  trainingIn(stack, props(stack));
}

const served = new Stack(app, 'Served');
JobProvider.configure(served, { ...network(served), encryptionKey: new Key(served, 'Key') });
trainingIn(served, { inputs: { train: DataSource.fromAsset(__dirname) } }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.large' });

everyEndpointConfig(new Stack(app, 'Hosting'));

app.synth();
