import type { IConstruct } from 'constructs';
import type { ScriptConfig } from '../script';
import type { TrainingJobProps } from '../training-job-props';
import { refuse } from './checks';
import { pythonJson, pythonStr } from './python-text';
import { CODE_FOLDER } from './training-job-channels';

/** 20, the `INFO` of Python's logging, is what the Python SDK asks for. */
const LOG_LEVEL = 20;

/** The user's hyperparameters as text, and in script mode those by which the container finds the script. */
export function hyperParameters(scope: IConstruct, props: TrainingJobProps, script: ScriptConfig | undefined, region: string): { [name: string]: string } | undefined {
  const text = script ? pythonJson : pythonStr;
  const users = Object.entries(props.hyperparameters?.values ?? {}).filter(([, value]) => value !== undefined).map(([name, value]) => {
    try {
      return [name, text(value)];
    } catch (error) {
      return refuse(scope, `hyperparameters.${name}`, `be text, a number, true or false, a list or a map of such: ${(error as Error).message}`, String(value));
    }
  });
  const all = Object.fromEntries([...users, ...(script ? controlHyperparameters(script, props, region) : [])]);
  return Object.keys(all).length > 0 ? all : undefined;
}

function controlHyperparameters(script: ScriptConfig, props: TrainingJobProps, region: string): [string, string][] {
  const directory = props.networkIsolation ? `${CODE_FOLDER}/${script.fileName}` : script.submitDirectory;
  return [
    ['sagemaker_submit_directory', pythonJson(directory)],
    ['sagemaker_program', pythonJson(script.entryPoint)],
    ['sagemaker_container_log_level', pythonJson(LOG_LEVEL)],
    ['sagemaker_region', pythonJson(region)],
  ];
}
