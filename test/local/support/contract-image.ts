/** Runs the hyperparameter `script`, or the input `script` of a processing job, with what a container is told. */
const RUN = `#!/usr/bin/env python3
import json, os, signal, socket, subprocess, sys, time
def config(name):
    with open("/opt/ml/input/config/%s.json" % name) as file: return json.load(file)
def text(path):
    with open(path) as file: return file.read()
def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file: file.write(text)
def say(what): print(json.dumps(what, sort_keys=True), flush=True)
input = "/opt/ml/processing/script/run.py"
exec(text(input) if os.path.exists(input) else json.loads(config("hyperparameters")["script"]))
`;

/** An image by SageMaker's contract, whose program does what the job's request says. */
export const CONTRACT_IMAGE = { Dockerfile: 'FROM localhost/cdk-sagemaker-test\nCOPY run /usr/local/bin/train\nCMD ["train"]\n', run: RUN };

/** What its `say` has said; behind the name of a host, where there are several. */
export function saidIn(log: string): Array<Record<string, unknown>> {
  return log.split('\n').map((line) => line.replace(/^\[algo-\d+\] /, '')).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
}
