/** An error of a state, in Step Functions' words. */
export class StateError extends Error {
  constructor(public readonly error: string, public readonly cause: string) {
    super(`${error}: ${cause}`);
  }
}

/** What is wrong with a definition, or with what it was given, and no Retry helps. */
export const runtimeError = (cause: string) => new StateError('States.Runtime', cause);
