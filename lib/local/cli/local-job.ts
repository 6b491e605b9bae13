import { deployedStacks, isThere } from './deployed';
import { CommandError } from './output';
import { Server } from './server';

/** A job of the local AWS: its name, and where to ask for it. The job is given by its name, or by its construct's path, `Digits/Train`. */
export async function localJob(state: string, job: string): Promise<{ readonly name: string; readonly endpoint: string }> {
  const server = await Server.running(state);
  if (server === undefined) { throw new CommandError(`no local AWS runs in ${state}; cdk-sagemaker local deploy starts one`); }
  return { name: nameOfPath(state, job) ?? job, endpoint: `http://127.0.0.1:${server.info.apiPort}` };
}

/** The job that a construct's resource is now. */
function nameOfPath(state: string, path: string): string | undefined {
  const [stackName, ...rest] = path.split('/');
  const stack = deployedStacks(state).filter(isThere).find((record) => record.stackName === stackName);
  if (stack === undefined || rest.length === 0) { return undefined; }
  const jobs = Object.entries(stack.resources).filter(([, resource]) => resource.type === 'Custom::SageMakerTrainingJob');
  const found = jobs.find(([logicalId]) => logicalId === rest.join('/') || [path, `${path}/Resource`, rest.join('/')].includes(stack.paths?.[logicalId] ?? ''));
  if (found === undefined) {
    const known = jobs.map(([logicalId]) => stack.paths?.[logicalId] ?? logicalId);
    throw new CommandError(`${stackName} has no training job ${rest.join('/')}; ${known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`}`);
  }
  return found[1].physical?.physicalId;
}
