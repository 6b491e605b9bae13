/** A mistake that somebody has made with SageMaker, CloudFormation or the CDK, and paid for. */
export interface Trap {
  readonly number: number;
  /** What goes wrong. */
  readonly what: string;
  /** Why this library can't fall into it, where it has nothing of what the trap is made of; the others have tests, whose names begin with `trap <number>:`. */
  readonly untouched?: string;
}

export const TRAPS: readonly Trap[] = [
  { number: 1, what: 'A job is waited for until it is Completed, so that one that has failed or was stopped is waited for until time runs out.' },
  { number: 2, what: 'A failure is handed back as a result, which is taken for a success; only what is thrown, or answered as FAILED, fails a deployment.' },
  { number: 3, what: 'An event is delivered twice, and the second delivery launches a second job or stumbles over the first.' },
  { number: 4, what: 'Every update trains again: one of tags, one of a new version of the tools, and the update by which a stack is rolled back.' },
  { number: 5, what: 'What has a lasting name is to be replaced, or made again in a rollback, while the old one is there.' },
  { number: 6, what: 'A create is cancelled, the delete that follows has an id that nobody gave, and the job goes on and is paid for.' },
  { number: 7, what: 'The resource of a job is deleted and the job goes on.' },
  { number: 8, what: 'Somebody is promised a wait of more than the hour that CloudFormation gives a custom resource, or looks are counted and not the time.' },
  { number: 9, what: 'A single throttled call fails a deployment of hours.' },
  { number: 10, what: 'An answer is longer than 4,096 bytes, counted in characters, or has a stack trace or characters that are not taken, and never arrives.' },
  { number: 11, what: 'Numbers and booleans arrive as texts, and are sent on as texts.' },
  { number: 12, what: 'A policy names a job or an endpoint with capital letters, and SageMaker writes it in lower case.' },
  { number: 13, what: 'A permission is missing that is needed on the side: tags, the configuration of an endpoint, decryption beside encryption, the target of scaling.' },
  { number: 14, what: 'A role is used before it, or its policy, is known everywhere.' },
  { number: 15, what: 'The policy of a role is deleted before what lives by it.' },
  { number: 16, what: 'SageMaker takes the update of an endpoint back, reports success, and the configuration in service is deleted next.' },
  { number: 17, what: 'An update of an endpoint sets counts back that scaling has changed.' },
  { number: 18, what: 'Scaling of a second variant collides with that of the first.' },
  { number: 19, what: 'A weight of 0 is taken for none, and becomes 1.' },
  { number: 20, what: 'Containers of a model in a task of Step Functions are written as an empty structure.', untouched: 'nothing here is a task of Step Functions: the one state machine calls the handler, and models are resources of CloudFormation' },
  { number: 21, what: 'An empty list is sent where there is nothing, a member is misspelled, or variables are forgotten.' },
  { number: 22, what: 'The address of a model is put together from a folder and a name, with a slash too few or too many, where the service says where it is.' },
  { number: 23, what: 'The record of a job is to be deleted while its warm pool holds it.' },
  { number: 24, what: 'One job goes, and with it every version in the group of models that it was registered in.' },
  { number: 25, what: 'A job that is not there is not known for that, because every kind of job says so in another way.' },
  { number: 26, what: 'A job has failed, and all that is seen of it looks healthy.' },
  { number: 27, what: 'What the service adds to a request by itself is taken for a difference.' },
  { number: 28, what: 'The SDK that the runtime of Lambda brings along knows neither the call nor the member.' },
  { number: 29, what: 'The partition is written down as aws.' },
  { number: 30, what: 'The table of images grows old, and nobody can use an image that it does not have.' },
  { number: 31, what: 'Resources are made beside their construct, so that two of one kind collide and dependencies miss them.' },
  { number: 32, what: 'A metric is asked for with other dimensions than it is published with, and nothing is ever found.' },
  { number: 33, what: 'A secret stands in plain text in a variable.' },
  { number: 34, what: 'What was waited for once is not waited for again: the second run of a job is taken for done because the first was.' },
  { number: 35, what: 'What answers CloudFormation is in a VPC that does not reach the buckets where the answers go.' },
  { number: 36, what: 'The name made for a tuning job is longer than the 32 characters it may have.' },
  { number: 37, what: 'A function is made for a version of Node that Lambda no longer wants.' },
  { number: 38, what: 'A list of instance types that will do is refused, because the account may not have one of them.' },
];
