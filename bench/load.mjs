// What `require('cdk-sagemaker')` costs an app that has aws-cdk-lib/core and a stack anyway: `node bench/load.mjs [rounds]`.
import { fileURLToPath } from 'node:url';
import { alternate, figure, require, run, show } from './harness.mjs';

const [, , argument = '15'] = process.argv;

if (argument === '--measure') {
  const { App, Stack } = require('aws-cdk-lib/core');
  new Stack(new App(), 'S');
  const before = new Set(Object.keys(require.cache));
  const began = process.hrtime.bigint();
  require('cdk-sagemaker');
  const milliseconds = Number(process.hrtime.bigint() - began) / 1e6;
  const loaded = Object.keys(require.cache).filter((file) => !before.has(file)).map((file) => /node_modules[\\/](.*)$/.exec(file)?.[1] ?? 'cdk-sagemaker');
  console.log(JSON.stringify({ milliseconds, loaded }));
} else {
  const measure = () => run(fileURLToPath(import.meta.url), ['--measure']);
  const result = alternate({ load: measure }, Number(argument));
  const milliseconds = result.median('load', 'milliseconds');
  const { loaded } = measure();
  show('Loading the package', [
    figure('require of the package, over an app with aws-cdk-lib/core and a stack', milliseconds.toFixed(1), 'at most 15 ms', milliseconds <= 15, ' ms'),
    figure('files it reads', loaded.length, '', undefined),
  ], [`reads ${loaded.join(', ')}; everything else when it is first used`]);
}
