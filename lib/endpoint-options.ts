/** What can be said of every endpoint. */
export interface EndpointOptions {
  /**
   * The name, at most 63 letters, digits and dashes. An endpoint with a name given can't be replaced by a change.
   *
   * @default - a generated name
   */
  readonly endpointName?: string;
}
