import type { IConstruct } from 'constructs';
import type { AlgorithmConfig } from '../algorithm-options';
import { completeHyperparameters } from '../limits/algorithm-hyperparameters';
import type { ScriptConfig } from '../script';
import type { TrainingDefinitionProps } from '../training-definition-props';
import { isToken, refuse } from './checks';
import { definedMembers, nonEmpty } from './members';
import { pythonJson, pythonStr } from './python-text';
import { CODE_FOLDER } from './training-job-channels';

/** 20, the `INFO` of Python's logging, is what the Python SDK asks for. */
const LOG_LEVEL = 20;
/** Stands for the name of the job, which only the handler knows. The contract with it has the same word. */
export const JOB_NAME = '{JobName}';

/** What says the same as a hyperparameter that containers of scripts are told by. */
const RESERVED: { readonly [name: string]: string } = {
  sagemaker_submit_directory: 'use the prop algorithm.script',
  sagemaker_program: 'use the prop algorithm.script',
  sagemaker_container_log_level: 'use the prop algorithm.logLevel',
  sagemaker_job_name: 'the name follows from what the job runs',
  sagemaker_region: 'it is the Region of the stack',
};

/** Hyperparameters as text. */
export interface HyperparameterTexts {
  readonly all?: { [name: string]: string };
  /** Those in which the name of the job is wanted. */
  readonly namingTheJob: readonly string[];
  /** Those that are not the user's to say, each with what to do instead. */
  readonly reserved: { readonly [name: string]: string };
}

/** The user's hyperparameters as text, those of the algorithm, and in script mode those by which the container finds the script. */
export function hyperParameters(scope: IConstruct, props: TrainingDefinitionProps, algorithm: AlgorithmConfig, region: string): HyperparameterTexts {
  const { script } = algorithm;
  const users = Object.entries(definedMembers(props.hyperparameters?.values ?? {})).map(([name, value]) => [name, hyperparameterText(scope, `hyperparameters.${name}`, algorithm, value)]);
  const ours: { [name: string]: string } = { ...(script ? controlHyperparameters(scope, script, props, algorithm, region) : {}), ...algorithm.hyperparameters };
  const reserved = Object.fromEntries(algorithm.includesUserHyperparameters ? [] : Object.keys(ours).map((name) => [name, `be left out: ${RESERVED[name] ?? 'the algorithm sets it'}`]));
  for (const name of Object.keys(reserved).filter((each) => users.some(([own]) => own === each))) {
    refuse(scope, `hyperparameters.${name}`, reserved[name], props.hyperparameters?.values[name]);
  }
  const all = completed({ ...Object.fromEntries(users), ...ours }, algorithm);
  return {
    all: nonEmpty(all),
    namingTheJob: Object.keys(ours).filter((name) => ours[name].includes(JOB_NAME)),
    reserved,
  };
}

/** A value as the algorithm reads it. */
export function hyperparameterText(scope: IConstruct, prop: string, { hyperparameterText: kind, script }: AlgorithmConfig, value: unknown): string {
  const text = (kind ?? (script ? 'JSON' : 'PYTHON')) === 'JSON' ? pythonJson : pythonStr;
  try {
    return text(value);
  } catch (error) {
    return refuse(scope, prop, `be text, a number, true or false, a list or a map of such: ${(error as Error).message}`, String(value));
  }
}

/** As an algorithm that is specified wants them. */
function completed(texts: { [name: string]: string }, { specification }: AlgorithmConfig): { [name: string]: string } {
  return specification ? completeHyperparameters(specification._description.TrainingSpecification?.SupportedHyperParameters ?? [], texts, isToken) : texts;
}

/** The levels that Python's logging has names for. */
const LOG_LEVELS = [10, 20, 30, 40, 50];

function controlHyperparameters(scope: IConstruct, script: ScriptConfig, props: TrainingDefinitionProps, { logLevel }: AlgorithmConfig, region: string): { [name: string]: string } {
  if (logLevel !== undefined && !LOG_LEVELS.includes(logLevel)) { refuse(scope, 'algorithm.logLevel', 'be a ContainerLogLevel', logLevel); }
  const directory = props.networkIsolation ? `${CODE_FOLDER}/${script.fileName}` : script.submitDirectory;
  return {
    sagemaker_submit_directory: pythonJson(directory),
    sagemaker_program: pythonJson(script.entryPoint),
    sagemaker_container_log_level: pythonJson(logLevel ?? LOG_LEVEL),
    sagemaker_job_name: pythonJson(JOB_NAME),
    sagemaker_region: pythonJson(region),
  };
}
