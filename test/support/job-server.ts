import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { awsJsonListener } from '../../lib/local/aws-json';
import { sageMakerListener } from '../../lib/local/sagemaker/listener';
import { writeServerInfo, type ServerInfo } from '../../lib/local/server-file';
import { SageMakerBench } from '../local/support/sagemaker-bench';
import { runCli, type Ended } from './built-cli';

/** A local SageMaker with its logs over the wire, as the command line finds it in the bench's folder. */
export class JobServer {
  public static async open(): Promise<JobServer> {
    const bench = await SageMakerBench.open();
    const listeners = [sageMakerListener(bench.sageMaker), awsJsonListener('Logs_20140328', (operation, input) => bench.sageMaker.logs.call(operation, input))];
    const server = createServer((request, response) => {
      if (!listeners.some((listener) => listener(request, response))) { response.writeHead(404).end(); }
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const info = { pid: process.pid, apiPort: (server.address() as AddressInfo).port, s3Port: 1, token: 'none' };
    mkdirSync(join(bench.folder, '.cdk-sagemaker'));
    writeServerInfo(join(bench.folder, '.cdk-sagemaker'), info);
    return new JobServer(bench, info, server);
  }

  private constructor(public readonly bench: SageMakerBench, public readonly info: ServerInfo, private readonly server: Server) {}

  /** Runs `cdk-sagemaker <command> <job> --local …`. */
  public local(command: string, job: string, ...args: string[]): Promise<Ended> {
    return runCli(this.bench.folder, [command, job, '--local', ...args]);
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
    await this.bench.close();
  }
}
