/** What the daemon and the process of a function say to each other. */
export interface InvokeMessage {
  readonly id: string;
  readonly event: unknown;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMB: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/** An error as Lambda answers it. */
export interface FunctionErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type ResultMessage = { readonly id: string; readonly result: string } | { readonly id: string; readonly error: FunctionErrorBody };
