/** What a notice tells of something that has changed. Texts may be filled in by EventBridge or Step Functions. */
export interface Notice {
  /** What it is: `training job`. */
  readonly noun: string;
  readonly name: string;
  readonly status: string;
  /** Why it failed, where that is told. */
  readonly reason?: string;
  /** The path of the construct. */
  readonly path?: string;
  /** Nothing, or empty, where there is no console. */
  readonly consoleUrl?: string;
  readonly logsUrl?: string;
}

/** A notice as a person reads it, line by line. */
export function noticeLines({ noun, name, status, reason, path, consoleUrl, logsUrl }: Notice): string[] {
  const labelled = (label: string, text: string | undefined) => (text ? [`${label}: ${text}`] : []);
  return [
    `SageMaker ${noun} ${name}: ${status}`,
    ...labelled('Reason, if it failed', reason),
    ...labelled('Construct', path),
    ...labelled('Console', consoleUrl),
    ...labelled('Logs', logsUrl),
  ];
}
