import { valueAt } from '../workflows/json-path';
import type { AwsEvent } from './aws-event';

/** A target of a rule, as far as it is understood here. */
export interface Target {
  readonly Arn: string;
  readonly Id?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: { readonly [name: string]: string }; readonly InputTemplate: string };
}

/** What targets are. */
export interface TargetServices {
  startExecution(stateMachineArn: string, input: string): void;
  publish(topicArn: string, message: string): Promise<unknown>;
  invoke(functionArn: string, payload: unknown): Promise<unknown>;
}

/** Of a rule: roles, retries and queues for what could not be delivered mean nothing here. */
const MEMBERS = ['Arn', 'Id', 'Input', 'InputPath', 'InputTransformer', 'RoleArn', 'RetryPolicy', 'DeadLetterConfig'];
const KINDS = { states: /^arn:[a-z-]+:states:[^:]*:[^:]*:stateMachine:[^:]+$/, sns: /^arn:[a-z-]+:sns:[^:]*:[^:]*:[^:]+$/, lambda: /^arn:[a-z-]+:lambda:[^:]*:[^:]*:function:[^:]+$/ } as const;

/** @throws Error that names what of a target the local AWS can't do */
export function requireTarget(target: Target): void {
  const unknown = Object.keys(target).filter((member) => !MEMBERS.includes(member));
  if (unknown.length > 0) { throw new Error(`Not supported by the local AWS: ${unknown.join(', ')} of target ${target.Id ?? target.Arn}`); }
  if (!Object.values(KINDS).some((kind) => kind.test(String(target.Arn)))) { throw new Error(`Not supported by the local AWS: target ${String(target.Arn)}; state machines, topics and functions are`); }
}

/** Sends a text, which is JSON, to what an ARN names. */
export async function deliver(arn: string, input: string, services: TargetServices): Promise<void> {
  if (KINDS.states.test(arn)) { services.startExecution(arn, input); }
  if (KINDS.sns.test(arn)) { await services.publish(arn, input); }
  if (KINDS.lambda.test(arn)) { await services.invoke(arn, JSON.parse(input)); }
}

/** What a target of a rule gets. */
export function inputOf({ Input: fixed, InputPath: path, InputTransformer: transformer }: Target, event: AwsEvent, ruleArn: string): string {
  if (fixed !== undefined) { return fixed; }
  if (path !== undefined) { return JSON.stringify(valueAt(event, path) ?? null); }
  if (transformer === undefined) { return JSON.stringify(event); }
  const predefined: { readonly [name: string]: unknown } = {
    'aws.events.rule-arn': ruleArn, 'aws.events.rule-name': ruleArn.split('/').at(-1), 'aws.events.event.ingestion-time': event.time,
    'aws.events.event': Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'detail')), 'aws.events.event.json': event,
  };
  const paths = transformer.InputPathsMap ?? {};
  return filled(transformer.InputTemplate, (name) => (Object.hasOwn(paths, name) ? valueAt(event, paths[name] as string) : predefined[name]));
}

/** `<name>` in a template: within a text as text, elsewhere as JSON. What is not there is empty within a text, and otherwise nothing is put. */
export function filled(template: string, valueOf: (name: string) => unknown): string {
  let isInText = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (whole, name: string | undefined) => {
    if (whole === '"') { isInText = !isInText; }
    if (name === undefined) { return whole; }
    const value = valueOf(name);
    if (!isInText) { return value === undefined ? '' : JSON.stringify(value); }
    const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}
