/** CloudWatch as the CloudFormation engine and the servers see it: an operation's name and its input, as in AWS JSON. */
export interface CloudWatchApi {
  /** @throws ServiceError with the service's own name and message */
  call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}
