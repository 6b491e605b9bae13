import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Lazy, type IResolvable } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { writeDown } from './granted';
import type { Need } from './need';

/** Why a statement is in a policy. */
export interface Reason {
  /** What of the constructs needs it: a prop, or what is done with them. */
  readonly prop: string;
  readonly constructs: Iterable<IConstruct>;
  /** Of the resources of the statement those that are needed for that. @default - all */
  readonly resources?: readonly string[];
}

export interface ReasonedStatement {
  readonly statement: PolicyStatement;
  readonly reasons: readonly Reason[];
}

/** A policy that is made when the template is written, by when everything has said what it needs; the reasons are written down with it. */
export function reasonedPolicy(scope: Construct, role: IConstruct, statements: () => readonly ReasonedStatement[]): IResolvable {
  writeDown(scope, Lazy.any({ produce: () => statements().flatMap(({ statement, reasons }) => reasons.map((reason) => needOf(role, statement, reason))) }));
  return Lazy.any({ produce: () => new PolicyDocument({ statements: statements().map(({ statement }) => statement), minimize: false }) });
}

function needOf(role: IConstruct, statement: PolicyStatement, { prop, constructs, resources }: Reason): Need {
  const json = statement.toStatementJson() as object;
  return { role: role.node.path, prop, constructs: [...constructs].map(({ node }) => node.path), statement: resources ? { ...json, Resource: resources } : json };
}
