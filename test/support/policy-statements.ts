import type { Template } from 'aws-cdk-lib/assertions';
import { like } from './policy';

/** A statement of a policy once it is deployed: no intrinsic functions, lists only. */
export interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string } };
}

/** What the service asks IAM on behalf of a call. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  /** What conditions compare. */
  readonly context?: { readonly [key: string]: string };
}

/** The statements of the policies whose logical id begins so, with what stands for a reference, or for an attribute, filled in. */
export function deployedStatements(template: Template, policyId: string, values: { readonly [reference: string]: string }): Statement[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith(policyId));
  return policies.flatMap(([, policy]) => deployed(policy.Properties.PolicyDocument, values));
}

/** The statements of a document. */
export function deployed(document: any, values: { readonly [reference: string]: string }): Statement[] {
  return (document.Statement as any[]).map(({ Effect, Action, Resource, Condition }) => ({
    Effect, Action: [Action].flat(), Resource: [Resource].flat().map((resource) => textOf(resource, values)),
    ...(Condition && { Condition: JSON.parse(JSON.stringify(Condition)) as Statement['Condition'] }),
  }));
}

/** What an intrinsic function comes to. */
export function textOf(value: any, values: { readonly [reference: string]: string }): string {
  if (typeof value === 'string') { return value; }
  if (value['Fn::Join']) { return value['Fn::Join'][1].map((part: unknown) => textOf(part, values)).join(value['Fn::Join'][0]); }
  const reference = value.Ref ?? value['Fn::GetAtt']?.join('.');
  if (reference === undefined || values[reference] === undefined) { throw new Error(`nothing stands for ${JSON.stringify(value)}`); }
  return values[reference];
}

/** Whether a statement allows this. Only what the provider's policies use of the language is known; anything else is an error. */
export function allows(statement: Statement, question: Question): boolean {
  if (statement.Effect !== 'Allow') { throw new Error(`statements that ${statement.Effect} are not known here`); }
  return statement.Action.some((action) => action.toLowerCase() === question.action.toLowerCase())
    && statement.Resource.some((resource) => like(resource, question.resource))
    && Object.entries(statement.Condition ?? {}).every(([operator, keys]) => {
      if (!['StringEquals', 'Bool'].includes(operator)) { throw new Error(`conditions of ${operator} are not known here`); }
      return Object.entries(keys).every(([key, value]) => question.context?.[key] === value);
    });
}
