import { handlerWith, type Mutation } from './handler-bundle';
import { jobName, jobProperties, ourTags } from './job-events';
import { SimulatedCloud, type FaultPlan, type HandlerModule, type Tree } from './simulated-cloud';
import { TRAINING, type TestedKind } from './tested-kinds';

/** What there is before an event: a job that this resource has launched, if a status is given. */
export interface Before {
  readonly status?: string;
  readonly more?: Tree;
  readonly stack?: string;
  readonly faults?: FaultPlan;
  readonly kind?: TestedKind;
}

let built: HandlerModule | undefined;

/** The handler as it is. */
export const handler = (): HandlerModule => built ??= handlerWith();

export function cloudWith(tested: HandlerModule, { status, more, stack = 'UPDATE_IN_PROGRESS', faults = {}, kind = TRAINING }: Before = {}): SimulatedCloud {
  const cloud = new SimulatedCloud(tested);
  cloud.stackStatus = stack;
  cloud.faults = faults;
  const properties = jobProperties('A', {}, kind);
  if (status !== undefined) { cloud.jobs.put(jobName(properties), { kind, request: properties.Request as never, status, secondary: status, tags: ourTags(), ...more }); }
  return cloud;
}

/** What CloudFormation hears, and after how many seconds. */
export async function answer(cloud: SimulatedCloud, event: Tree): Promise<Tree & { readonly seconds: number; readonly bytes: number }> {
  const sent = cloud.time.now();
  cloud.deliver(event);
  await cloud.time.run();
  const [first] = cloud.answersTo(event);
  return { ...first!.parsed, seconds: (first!.at - sent) / 1000, bytes: Buffer.byteLength(first!.body) };
}

/** What is seen of the handler as it is, and of one that makes a mistake. */
export async function both<Seen>(mistake: Mutation, play: (tested: HandlerModule) => Promise<Seen>): Promise<{ here: Seen; there: Seen }> {
  return { here: await play(handler()), there: await play(handlerWith(mistake)) };
}
