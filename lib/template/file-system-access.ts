import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Dependable, type IDependable } from 'constructs';
import { rulesBetween } from './security-rules';

/**
 * Lets a job reach a file system on its port, and says what to wait for until it can. Data of a file system need no
 * permission of the role: it is mounted over the network.
 */
export function reachable(job: IConnectable, fileSystem: IConnectable): IDependable {
  const [from, to] = [job.connections, fileSystem.connections];
  // said by the job, so that the rule is in its stack: in that of the file system, each stack would wait for the other
  from.allowToDefaultPort(fileSystem);
  const rules: IDependable = {};
  Dependable.implement(rules, {
    // of these two alone: another rule of the same groups may wait for something that waits for the job
    get dependencyRoots() { return rulesBetween([...from.securityGroups, ...to.securityGroups], from.securityGroups, to.securityGroups); },
  });
  return rules;
}
