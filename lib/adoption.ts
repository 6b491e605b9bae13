/** A job made elsewhere, by hand or by the Python SDK, that a construct takes as its own. */
export interface Adoption {
  /** The name of the job. It must have been made in the account and the Region of the stack. */
  readonly name: string;
  /**
   * Members of the request that may differ, by their paths: `DebugHookConfig`, `HyperParameters.epochs`, and for all
   * elements of a list `InputDataConfig.*.ContentType`.
   *
   * @default - none: the job's request must be the construct's
   */
  readonly accept?: string[];
}
