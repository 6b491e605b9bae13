import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { JobNetwork } from './job-network';
import { refuse } from './request/checks';

/** What is bound to a job or a definition finds here what it would find at a training job: the security groups, which a file system has to let in. */
export class JobScope extends Construct implements IConnectable {
  public network?: JobNetwork;

  public get connections(): Connections { return this.network?.connections ?? refuse(this, 'vpc', 'be given for a job to have connections', undefined); }
}
