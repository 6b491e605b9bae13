import { DEBUGGER_RULES } from '../request/built-in-rules';
import { call, list, literal, name, object, optional, type Code } from './code';
import { bucket, placeOf } from './elsewhere';
import { containerImage, ecrImage, isImage, type Images } from './images';
import type { Parts } from './parts';
import type { Program } from './program';
import { isEmpty, isSame, type Tree } from './tree';
import { gibibytes, milliseconds } from './values';

/** Where a job saves what is no artifact: with the artifact, or in a place of its own. */
function placed(program: Program, factory: string, uri: unknown, output: string, options: Code | undefined): Code | undefined {
  if (uri === output) { return call(`${factory}.toOutput`, options); }
  const place = placeOf(uri);
  const method = factory === 'TensorBoardOutput' ? 'fromBucket' : 'toBucket';
  return place?.hasSlash ? call(`${factory}.${method}`, bucket(program, place.bucket), place.prefix === '' && !options ? undefined : literal(place.prefix), options) : undefined;
}

/** What a training job is watched by. @param output where the library makes it write */
export function monitoring(program: Program, images: Images, parts: Parts, request: Tree, output: string): void {
  const rules = (request.DebugRuleConfigurations ?? []) as Tree[];
  const found = rules.map((rule) => debuggerRule(program, images, rule, request.TrainingJobName));
  if (rules.length > 0) { parts.say('debugRules', object(Object.fromEntries(rules.map((rule, index) => [rule.RuleConfigurationName, found[index]!.code]))), { DebugRuleConfigurations: rules }); }
  debugHook(program, parts, request, output, found.map(({ collections }) => collections));
  const { ProfilerConfig: profiler, ProfilerRuleConfigurations: watching = [], TensorBoardOutputConfig: board } = request;
  if (profiler?.DisableProfiler === true) {
    parts.say('profiler', call('Profiler.disabled'), { ProfilerConfig: { DisableProfiler: true } });
  } else if (profiler?.S3OutputPath !== undefined) {
    const { ProfilingIntervalInMilliseconds: interval, ProfilingParameters: parameters } = profiler;
    parts.say('profiler', placed(program, 'Profiler', profiler.S3OutputPath, output, object({ interval: milliseconds(interval), parameters: isEmpty(parameters) ? undefined : literal(parameters) })),
      { ProfilerConfig: { S3OutputPath: profiler.S3OutputPath, DisableProfiler: false, ProfilingIntervalInMilliseconds: interval, ProfilingParameters: parameters } });
  }
  if (watching.length > 0) {
    parts.say('profilerRules', object(Object.fromEntries((watching as Tree[]).map((rule) => [rule.RuleConfigurationName, plainRule(program, images, rule)]))), { ProfilerRuleConfigurations: watching });
    if (!profiler) { parts.makes({ ProfilerConfig: { S3OutputPath: output, DisableProfiler: false } }); }
  }
  if (board) { parts.say('tensorBoard', placed(program, 'TensorBoardOutput', board.S3OutputPath, output, object({ localPath: optional(board.LocalPath) })), { TensorBoardOutputConfig: board }); }
}

type Collections = { readonly [collection: string]: Tree };

function debugHook(program: Program, parts: Parts, { DebugHookConfig: hook, DebugRuleConfigurations: rules }: Tree, output: string, ofRules: readonly Collections[]): void {
  if (hook?.S3OutputPath === undefined) {
    if (!isEmpty(rules)) { parts.say('debugHook', call('DebugHook.disabled')); }
    return;
  }
  const saved = (hook.CollectionConfigurations ?? []) as Tree[];
  const isRules = ({ CollectionName, CollectionParameters = {} }: Tree) => ofRules.some((each) => each[CollectionName] !== undefined && isSame(each[CollectionName], CollectionParameters));
  const own = saved.filter((each) => !isRules(each));
  const collections = object(Object.fromEntries(own.map(({ CollectionName, CollectionParameters = {} }) => [CollectionName, literal(CollectionParameters)])));
  const options = object({ collections, parameters: isEmpty(hook.HookParameters) ? undefined : literal(hook.HookParameters), localPath: optional(hook.LocalPath) });
  const code = placed(program, 'DebugHook', hook.S3OutputPath, output, options);
  const members = {
    S3OutputPath: hook.S3OutputPath, LocalPath: hook.LocalPath, HookParameters: hook.HookParameters,
    CollectionConfigurations: madeCollections([...ofRules, Object.fromEntries(own.map(({ CollectionName, CollectionParameters = {} }) => [CollectionName, CollectionParameters]))]),
  };
  // a job with rules has a hook that saves with the artifact
  const isImplied = !isEmpty(rules) && options === undefined && hook.S3OutputPath === output;
  if (isImplied) { parts.makes({ DebugHookConfig: members }); } else { parts.say('debugHook', code, { DebugHookConfig: members }); }
}

/** The same thing once, in order of name. */
function madeCollections(wanted: readonly Collections[]): Tree[] {
  const all = wanted.flatMap((collections, place) => Object.entries(collections).map(([CollectionName, CollectionParameters]) => ({ place, CollectionName, CollectionParameters })));
  const last = all.filter((each, index) => !all.slice(index + 1).some((later) => later.CollectionName === each.CollectionName && isSame(later.CollectionParameters, each.CollectionParameters)));
  return last.sort((a, b) => (a.CollectionName === b.CollectionName ? a.place - b.place : a.CollectionName < b.CollectionName ? -1 : 1))
    .map(({ CollectionName, CollectionParameters }) => ({ CollectionName, CollectionParameters }));
}

interface FoundRule {
  readonly code: Code;
  readonly collections: Collections;
}

/** A rule of the service's own, with its actions; else the image with its parameters. */
function debuggerRule(program: Program, images: Images, rule: Tree, jobName: string | undefined): FoundRule {
  const { RuleEvaluatorImage, InstanceType, VolumeSizeInGB, RuleParameters: parameters = {} } = rule;
  const image = ecrImage(RuleEvaluatorImage);
  const known = Object.hasOwn(DEBUGGER_RULES, String(parameters.rule_to_invoke)) ? DEBUGGER_RULES[parameters.rule_to_invoke as string] : undefined;
  const isService = image !== undefined && image.region === program.target.region && isImage(images, 'debugger', image, {});
  const actions = actionsOf(parameters.action_json, jobName);
  if (!isService || !known || InstanceType !== undefined || VolumeSizeInGB !== undefined || actions === undefined) { return { code: plainRule(program, images, rule), collections: {} }; }
  const trials = trialsOf(parameters);
  const { rule_to_invoke: _rule, action_json: _actions, ...others } = Object.fromEntries(Object.entries(parameters).filter(([parameter]) => !/^other_trial_\d+$/.test(parameter)));
  const word = String(parameters.rule_to_invoke).replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toUpperCase().replace(/_RULE$/, '').replace('RE_LU', 'RELU');
  return {
    code: call('MonitoringRule.builtIn', name(`BuiltInRule.${word}`), object({
      parameters: isEmpty(others) ? undefined : literal(others), otherTrials: trials.length > 0 ? literal(trials) : undefined, actions: actions.length > 0 ? list(actions) : undefined, ...outputOf(program, rule),
    })),
    collections: known,
  };
}

const trialsOf = (parameters: Tree): string[] => Object.keys(parameters).filter((parameter) => /^other_trial_\d+$/.test(parameter)).sort((a, b) => Number(a.slice(12)) - Number(b.slice(12))).map((parameter) => parameters[parameter] as string);

/** What a rule does, as the evaluator is told; undefined where it is told otherwise than the library does it. */
function actionsOf(json: unknown, jobName: string | undefined): Code[] | undefined {
  if (json === undefined) { return []; }
  try {
    const parsed = [JSON.parse(String(json).replace(/\\"/g, '"'))].flat() as Tree[];
    const actions = parsed.map(({ name: action, training_job_prefix: prefix, endpoint }) => (action === 'stoptraining'
      ? call('RuleAction.stopTraining', prefix === jobName || prefix === '{JobName}' ? undefined : literal(prefix))
      : action === 'email' || action === 'sms' ? call(`RuleAction.${action}`, literal(endpoint)) : undefined));
    return actions.includes(undefined) ? undefined : actions as Code[];
  } catch {
    return undefined;
  }
}

function plainRule(program: Program, images: Images, rule: Tree): Code {
  const { RuleEvaluatorImage, InstanceType, VolumeSizeInGB, RuleParameters: parameters } = rule;
  if (!isEmpty(parameters?.action_json)) { program.note(`the rule ${rule.RuleConfigurationName} acts (action_json): what that needs of the role is granted by hand`); }
  return call('MonitoringRule.image', containerImage(program, images, RuleEvaluatorImage, 'training'), object({
    parameters: isEmpty(parameters) ? undefined : literal(parameters), instanceType: optional(InstanceType), volumeSize: gibibytes(VolumeSizeInGB), ...outputOf(program, rule),
  }));
}

function outputOf(program: Program, { LocalPath, S3OutputPath }: Tree): { readonly [option: string]: Code | undefined } {
  const place = placeOf(S3OutputPath);
  return { localPath: optional(LocalPath), outputBucket: place && bucket(program, place.bucket), outputPrefix: place && place.prefix !== '' ? literal(place.prefix) : undefined };
}
