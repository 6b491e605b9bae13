import type { Template } from '../local/cloudformation/template';

/** A stack as one side of a comparison has it: what is deployed, or what another assembly would deploy. */
export interface StackSide {
  /** For people: `the local AWS`, an account and a Region, a folder. */
  readonly name: string;
  readonly stackName: string;
  /** Unknown of what is not deployed. */
  readonly stackId?: string;
  readonly region?: string;
  readonly account?: string;
  /** The state of the stack, in CloudFormation's words. @default - as after a deployment that went well */
  readonly status?: string;
  readonly template: Template;
  /** Parameter name -> what it stands for, SSM parameters looked up. */
  readonly parameters: { readonly [name: string]: string };
  /** What they were given, where that is another thing: the names of SSM parameters. @default - the same */
  readonly given?: { readonly [name: string]: string };
  /** What the resources are called by the app, by logical id. */
  readonly paths: { readonly [logicalId: string]: string };
  /** Why a template can't be deployed there at all. @default - any can */
  refuses?(template: Template): string | undefined;
  /** What is deployed of a resource; undefined where nothing is, or nothing is known. */
  resource(logicalId: string): DeployedResource | undefined;
  /** What another stack exports. */
  exportValue(name: string): string | undefined;
  /** What it exports itself. @default - what follows from its template */
  readonly exports?: { readonly [name: string]: string };
  /** The names of the stacks that import what it exports. @default - nobody is known to */
  importers?(exportName: string): Promise<readonly string[]>;
  /** What an SSM parameter has now. */
  ssmParameter(name: string): Promise<string | undefined>;
  /** The description of a job, by kind and name; undefined where there is none, `unknown` where nobody can be asked. */
  job(kind: string, name: string): Promise<JobRecord | 'unknown' | undefined>;
  /** The names of the jobs of a kind that begin with a text. @default - nobody can be asked: whether a run was there before may be unknown */
  jobNames?(kind: string, prefix: string): Promise<readonly string[]>;
  /** A stack that is nested in it. @default - none is known */
  nested?(logicalId: string): Promise<StackSide | undefined>;
}

/** A stack whose creation was rolled back is deleted, and made anew under another id. */
export const isGone = (status: string | undefined) => status !== undefined && /^(ROLLBACK_(COMPLETE|FAILED)|DELETE_COMPLETE|REVIEW_IN_PROGRESS)$/.test(status);

/** Who can be asked of jobs, whichever stack they are of. */
export type JobsSide = Pick<StackSide, 'job'>;

export interface DeployedResource {
  readonly type: string;
  readonly physicalId: string;
  /** What `Ref` answers. @default - the physical id */
  readonly ref?: string;
  /** `CREATE_FAILED` is made anew, `UPDATE_FAILED` updated whatever it has. @default - it is as it was asked to be */
  readonly status?: string;
  /** What it was last made or updated with, resolved. @default - what follows from the template of the side */
  readonly properties?: { readonly [name: string]: unknown };
  /** What `Fn::GetAtt` answers; undefined where that is not known. */
  attribute(name: string): unknown;
}

/** A job as its Describe call and its tags have it. */
export interface JobRecord {
  readonly name: string;
  readonly details: { readonly [member: string]: unknown };
  readonly tags: { readonly [key: string]: string };
}
