import { Dice } from './dice';
import { jobEvent, jobName, jobProperties, outcomeEvent } from './job-events';
import { SimulatedCloud, type HandlerModule } from './simulated-cloud';

/** How long one job took to be answered after it had ended, and how long it ran. */
export interface Waited { readonly runSeconds: number; readonly afterSeconds: number }

/** What a hundred deployments at once are like. */
export interface Waiting {
  readonly waited: readonly Waited[];
  /** Describe calls a second in the busiest minute, all jobs having been launched. */
  readonly busiestMinute: number;
  /** Describe calls for each job to be launched and looked at for the first time. */
  readonly callsToLaunch: number;
  /** Describe calls a second, from the first job's start to the last one's end. */
  readonly mean: number;
}

const SEGMENT_SECONDS = 3300;
/** Deployments begin within this time. */
const LAUNCHING_MS = 60_000;

/** Jobs of many lengths, launched within a minute and awaited by the events that CloudFormation would send, on a simulated clock. */
export async function waiting(handler: HandlerModule, jobs: number, longestSeconds: number, seed = 1): Promise<Waiting> {
  const dice = new Dice(seed);
  const cloud = new SimulatedCloud(handler, () => dice.from(0, 999_999) / 1_000_000);
  const start = cloud.time.now();
  const waited: Waited[] = [];
  for (let n = 0; n < jobs; n++) {
    const runSeconds = Math.round(60 * (longestSeconds / 60) ** (n / Math.max(1, jobs - 1)));             // from a minute to the longest, evenly on a logarithm
    const delay = dice.from(0, LAUNCHING_MS);
    cloud.time.spawn(async () => {
      await cloud.time.sleep(delay);
      waited.push({ runSeconds, afterSeconds: await deployed(cloud, `${n}`, runSeconds) });
    });
  }
  await cloud.time.run();
  const seconds = (Math.max(...cloud.describedAt) - start) / 1000;
  const polling = cloud.describedAt.filter((at) => at >= start + LAUNCHING_MS);
  const launching = cloud.describedAt.length - polling.length;
  return { waited, busiestMinute: busiest(polling), callsToLaunch: launching / jobs, mean: cloud.describedAt.length / seconds };
}

/** Seconds from the end of the job to the answer of its outcome. */
async function deployed(cloud: SimulatedCloud, id: string, runSeconds: number): Promise<number> {
  const properties = jobProperties(id);
  const name = jobName(properties);
  await answered(cloud, jobEvent('Create', properties));
  const ended = cloud.time.now() + runSeconds * 1000;
  cloud.time.spawn(async () => { await cloud.time.sleep(runSeconds * 1000); cloud.jobs.end(name, 'Completed'); });
  const within = runSeconds + 1800;
  const segments = Math.ceil(within / SEGMENT_SECONDS);
  for (let segment = 1; segment < segments; segment++) {
    await answered(cloud, { ...outcomeEvent('Create', name), ResourceType: 'Custom::SageMakerJobWait', LogicalResourceId: `TrainWait${segment}`, ResourceProperties: { ServiceToken: 'arn', Kind: 'TrainingJob', JobName: name, Seconds: String(SEGMENT_SECONDS) } });
  }
  await answered(cloud, outcomeEvent('Create', name, {}, { Within: String(within) }));
  return (cloud.time.now() - ended) / 1000;
}

async function answered(cloud: SimulatedCloud, event: ReturnType<typeof jobEvent>): Promise<void> {
  cloud.deliver(event);
  while (cloud.answersTo(event).length === 0) { await cloud.time.sleep(100); }
  const [{ parsed }] = cloud.answersTo(event);
  if (parsed.Status !== 'SUCCESS') { throw new Error(String(parsed.Reason)); }
}

function busiest(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < sorted.length; last++) {
    while (sorted[last] - sorted[first] >= 60_000) { first++; }
    most = Math.max(most, last - first + 1);
  }
  return most / 60;
}
