/** Where an endpoint is shown. Each has a log group of its own. */
export const ENDPOINT_FACTS = {
  noun: 'endpoint',
  logGroup: (name: string) => `/aws/sagemaker/Endpoints/${name}`,
  page: (name: string) => `endpoints/${name}`,
};
