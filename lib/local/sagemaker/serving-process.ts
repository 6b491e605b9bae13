import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { awsImage } from '../aws-image';
import type { ContainerAddress } from '../containers/way-in';
import { ProcessGroup } from '../process-group';
import { pythonFile } from '../python-files';
import type { OnOutput } from '../running';
import { CannotStart, Container, imageFiles, localImage, type LocalImage } from './container';
import { JobFailure } from './failure-reason';
import { awsVariables, machineVariables } from './machine';
import { ProgramServer, type StartedServer } from './program-server';
import { servingScriptOf } from './script';

/** A model server without a container: a process with the model loaded, behind a port of this machine. */
export class ServingProcess extends ProgramServer {
  protected async begin(onOutput: OnOutput): Promise<StartedServer> {
    await this.ml.make();
    await this.bringModelData();
    const image = localImage(this.machine, this.served.definition.Image);
    return image !== undefined && !image.runsScripts ? this.startImage(image, onOutput) : this.startScript(image, onOutput);
  }

  /** The image's own program, with the argument `serve`. It says itself when it is ready, by /ping. */
  private async startImage(image: LocalImage, onOutput: OnOutput): Promise<StartedServer> {
    const container = await Container.create(image, imageFiles(image, this.folder), this.machine, this.log, { signal: this.abort.signal });
    this.abort.signal.throwIfAborted();
    let command: string[];
    try {
      command = container.command(undefined, ['serve']);
    } catch (error) {
      throw error instanceof CannotStart ? new JobFailure(this.cannotStart(error.message)) : error;
    }
    const port = await freePort();
    this.abort.signal.throwIfAborted();
    const running = new ProcessGroup([container.python.python, pythonFile('supervise.py'), ...command], {
      cwd: container.workingFolder,
      // Several endpoints on one machine can't all have 8080: where SageMaker runs several containers on one, it names the port so.
      env: { ...container.environment(), ...this.awsVariables(), SAGEMAKER_BIND_TO_PORT: String(port), ...this.served.definition.Environment },
      isMarked: true,
      onOutput,
    });
    return {
      running,
      address: Promise.resolve({ host: '127.0.0.1', port }),
      listensWhenReady: false,
      asInside: (text) => container.asInside(text),
      hint: () => `Here it must listen at the port that SAGEMAKER_BIND_TO_PORT names (${port}); without that variable, at 8080.`,
    };
  }

  private async startScript(image: LocalImage | undefined, onOutput: OnOutput): Promise<StartedServer> {
    const files = image && imageFiles(image, this.folder);
    const [module, folder] = await this.bringScript();
    const needs = {
      requirementsFile: join(folder, 'requirements.txt'), mayInstallRequirements: !this.served.isIsolated, log: (line: string) => this.log.note(line), signal: this.abort.signal,
    };
    const container = image && files && await Container.create(image, files, this.machine, this.log, needs);
    const aws = awsImage(this.served.definition.Image);
    const python = container?.python ?? await this.machine.python.environment({ packages: aws?.packages ?? [], expected: aws?.expected, ...needs });
    this.abort.signal.throwIfAborted();
    const running = new ProcessGroup([python.python, pythonFile('serve.py'), module, this.ml.model], {
      cwd: folder,
      env: {
        ...machineVariables(this.ml.temporary),
        ...python.variables,
        ...container?.environment(),
        ...this.awsVariables(),
        SM_MODEL_DIR: this.ml.model,
        SAGEMAKER_BASE_DIR: this.ml.base,
        PYTHONPATH: folder,
        ...this.served.definition.Environment,
      },
      reportPipe: true,
      isMarked: true,
      onOutput,
    });
    return { running, address: reportedAddress(running), listensWhenReady: true, asInside: (text) => text, hint: () => '' };
  }

  private awsVariables(): Record<string, string> {
    return this.served.isIsolated ? { AWS_REGION: this.machine.region } : awsVariables(this.machine);
  }

  /** The module to import and the folder it is in. */
  private async bringScript(): Promise<readonly [string, string]> {
    const script = servingScriptOf(this.served.definition.Environment);
    if (script?.directory !== undefined && script.directory !== '') {
      await this.ml.bringCode(this.machine.s3, script);
      return [moduleOf(script.program), this.ml.code];
    }
    // Where the framework images look in an artifact.
    const folder = join(this.ml.model, 'code');
    const program = script?.program ?? 'inference.py';
    if (!await stat(join(folder, program)).then((info) => info.isFile(), () => false)) {
      throw new JobFailure(`The model's data has no inference script code/${program}, and the container's environment names none `
        + '(SAGEMAKER_PROGRAM, SAGEMAKER_SUBMIT_DIRECTORY); without a script the image needs a container.');
    }
    return [moduleOf(program), folder];
  }
}

const reportedAddress = (served: ProcessGroup): Promise<ContainerAddress | undefined> =>
  once(served.report, 'data').then(([chunk]) => ({ host: '127.0.0.1', port: (JSON.parse(String(chunk)) as { port: number }).port }), () => undefined);

/** One that nothing listens at just now; asked for, because a container is told its port before it listens. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const moduleOf = (program: string) => program.replace(/\.py$/, '').replaceAll('/', '.');
