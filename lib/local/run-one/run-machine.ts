import { appendFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { awsJsonListener, type PartialListener } from '../aws-json';
import { Containers, type LocalMode } from '../containers/containers';
import { ImageStore } from '../images/image-store';
import { listening } from '../listening';
import { S3Folder } from '../s3-folder';
import { s3Listener } from '../s3-server';
import { sageMakerListener } from '../sagemaker/listener';
import { LocalSageMaker } from '../sagemaker/local-sagemaker';

export interface RunMachineOptions {
  /** Everything is kept in it. */
  readonly folder: string;
  readonly region: string;
  readonly account: string;
  readonly mode: LocalMode;
  /** Path in the container -> folder or file of this machine, for training jobs. */
  readonly volumes?: ReadonlyMap<string, string>;
}

/** A SageMaker of its own for one run, in this process: nothing of it is left when it is closed. */
export class RunMachine {
  static async open(options: RunMachineOptions): Promise<RunMachine> {
    const { folder, region, account: accountId, mode, volumes } = options;
    const log = (line: string) => appendFileSync(join(folder, 'run.log'), `${new Date().toISOString()} ${line}\n`);
    const machine = new RunMachine();
    try {
      const s3 = new S3Folder(join(folder, 's3'));
      const images = new ImageStore(join(folder, 'images'));
      const s3Port = await machine.listen(s3Listener({ s3, uploadsFolder: join(folder, 's3-uploads'), region, log }));
      const { containers, said } = await Containers.open({ mode, folder, images });
      machine.closers.push(() => containers?.close());
      const sageMaker = new LocalSageMaker({ folder: join(folder, 'sagemaker'), s3, s3Endpoint: `http://127.0.0.1:${s3Port}`, region, accountId, images, containers, volumes, log });
      machine.closers.push(() => sageMaker.close());
      const listeners = [sageMakerListener(sageMaker, log), awsJsonListener('Logs_20140328', (operation, input) => sageMaker.logs.call(operation, input), log)];
      machine.api = (request, response) => listeners.some((listener) => listener(request, response));
      const apiPort = await machine.listen((request, response) => {
        if (!machine.api(request, response)) { response.writeHead(404).end(); }
      });
      return Object.assign(machine, { s3, images, sageMaker, said, endpoint: `http://127.0.0.1:${apiPort}` });
    } catch (error) {
      await machine.close();
      throw error;
    }
  }

  readonly s3!: S3Folder;
  readonly images!: ImageStore;
  readonly sageMaker!: LocalSageMaker;
  /** Where its jobs run, in a sentence. */
  readonly said!: string;
  /** Where SDKs find it. */
  readonly endpoint!: string;
  /** The same, for another port. */
  api: PartialListener = () => false;
  private readonly closers: (() => Promise<unknown> | void)[] = [];
  private closing?: Promise<void>;

  private constructor() {}

  /** Ends every program, container and port. */
  close(): Promise<void> {
    this.closing ??= (async () => { for (const closer of [...this.closers].reverse()) { await closer(); } })();
    return this.closing;
  }

  /** @param port 0 for any @returns the port @throws Error for one that is taken */
  async listen(listener: RequestListener, port = 0): Promise<number> {
    const opened = await listening(listener, port);
    this.closers.push(() => opened.close());
    return opened.port;
  }
}
