/** What jobs and models call from a VPC without internet, each by endpoints of its own. */
export enum JobVpcService {
  /** S3, by a gateway endpoint, which costs nothing: data, artifacts, checkpoints. Every job and every model in such a VPC needs it. */
  S3 = 's3',
  /** Amazon ECR, its API and its registry. SageMaker pulls images by itself; this is for a container that does. */
  ECR = 'ecr',
  /** CloudWatch Logs. What a container prints gets there by itself; this is for a container that calls it. */
  LOGS = 'logs',
  /** Who am I, and temporary credentials of other roles. */
  STS = 'sts',
  /** The API of SageMaker: for a container that calls it, and for the job handler in the VPC. */
  SAGEMAKER_API = 'sagemaker.api',
  /** Endpoints of SageMaker, for a container that invokes one. */
  SAGEMAKER_RUNTIME = 'sagemaker.runtime',
  /** Keys, for a container that encrypts or decrypts by itself. S3 does so without it. */
  KMS = 'kms',
  /** Metrics that a container publishes by itself. */
  MONITORING = 'monitoring',
  /** Secrets that a container reads. */
  SECRETS_MANAGER = 'secretsmanager',
  /** The API of Amazon EFS, for a container that mounts by itself. Channels on a file system are mounted without it. */
  EFS = 'elasticfilesystem',
  /** Systems Manager: parameters, and sessions of `remoteDebug`. */
  SSM = 'ssm',
  /** Step Functions, for the job handler in the VPC. */
  STEP_FUNCTIONS = 'states',
  /** CloudFormation, for the job handler in the VPC. */
  CLOUDFORMATION = 'cloudformation',
}
