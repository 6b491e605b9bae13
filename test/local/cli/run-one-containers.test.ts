import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describeWithContainers, engineSays, TEST_IMAGE } from '../support/containers';
import { IMAGE_ASSET, inRunApp, trainingStack } from '../../support/run-app';

jest.setTimeout(300_000);

const PROGRAM = `#!/usr/bin/env python3
import json, os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
values = json.load(open("/opt/ml/input/config/hyperparameters.json"))
data = "/opt/ml/input/data"
print("loss=0.5 data=" + json.dumps({name: sorted(os.listdir(os.path.join(data, name))) for name in sorted(os.listdir(data))}), flush=True)
time.sleep(float(values.get("seconds", "0")))
os.makedirs("/opt/ml/output/data", exist_ok=True)
open("/opt/ml/output/data/job.txt", "w").write(os.environ["TRAINING_JOB_NAME"])
open("/opt/ml/model/model.txt", "w").write(values["epochs"])
`;
const request = { AlgorithmSpecification: { TrainingImage: IMAGE_ASSET, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }] }, HyperParameters: { epochs: '3' } };
const own = (text: string) => text.split('\n').filter((line) => line !== '');

describeWithContainers('cdk-sagemaker local train --mode container', () => {
  test('gives the container folders of this machine where they are, and leaves model and output as a process does', () => inRunApp(async (app) => {
    app.stacks({ App: trainingStack({ request }) });
    app.write('cdk.out/asset.image/Dockerfile', `FROM ${TEST_IMAGE}\nCOPY --chmod=755 train /usr/local/bin/train\n`);
    execFileSync('chmod', ['755', app.write('cdk.out/asset.image/train', PROGRAM)]);
    app.write('data/a.csv', 'a');
    const file = app.write('b.csv', 'b');
    const args = ['train', '--mode', 'container', '--channel', 'train=data', '--channel', `test=${file}`];
    const { code, out, err } = await app.run([...args, '--hyperparameter', 'epochs=7', '--output', 'out', '--name', 'mine']);
    expect(err).toMatch(/jobs and endpoints run in containers of (podman|docker)/);
    expect(out).toContain('loss=0.5 data={"test": ["b.csv"], "train": ["a.csv"]}\n');
    expect(code).toBe(0);
    expect(execFileSync('tar', ['-xzOf', join(app.folder, 'out', 'model.tar.gz'), './model.txt']).toString()).toBe('7');
    expect(execFileSync('tar', ['-xzOf', join(app.folder, 'out', 'output.tar.gz'), './job.txt']).toString()).toBe('mine');

    const before = own(engineSays('ps', '--quiet'));
    const stopped = await app.run([...args, '--hyperparameter', 'seconds=300'], { interruptAfter: /loss=0\.5/ });
    expect(stopped.code).toBe(130);
    expect(own(engineSays('ps', '--quiet')).filter((id) => !before.includes(id))).toEqual([]);
  }));
});
