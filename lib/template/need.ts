/** In the metadata of a construct: what it has a role be allowed, and for which of its props. `cdk-sagemaker audit` reads it. */
export const NEED = 'cdk-sagemaker:need';

/** What is written down of a statement, tokens and all; CDK resolves it with the template. */
export interface Need {
  /** The path of the role. */
  readonly role: string;
  /** The prop of the construct that needs it, for instance `inputs.train`; the method, where a grant was asked for. */
  readonly prop: string;
  /** The statement, as it is in the policy before CDK merges it with others. */
  readonly statement: unknown;
  /** Of a role that was made elsewhere. */
  readonly roleArn?: string;
  /** The paths of what the statement refers to in other stacks, by logical id. @default - all is of the construct's own stack, or imported */
  readonly owners?: { readonly [logicalId: string]: string };
  /** The paths of the constructs that need it, where one construct writes down what several need. @default - the construct that it is written on */
  readonly constructs?: readonly string[];
}
