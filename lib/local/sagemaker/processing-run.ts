import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateProcessingJobRequest, ProcessingS3Input, ProcessingS3Output } from '@aws-sdk/client-sagemaker';
import type { JobLog } from './job-log';
import type { RunEnd } from './jobs';
import type { Machine } from './machine';
import { emptyFolder, OptMl } from './opt-ml';
import { processingProgram } from './processing-program';
import { ProgramRun, type Program } from './program-run';
import { download, uploadFolder } from './s3-source';

export interface ProcessingEnd extends RunEnd {
  /** What the program has written to /opt/ml/output/message. */
  readonly exitMessage?: string;
}

/** One execution of a processing job as a process. */
export class ProcessingRun extends ProgramRun<ProcessingEnd> {
  private readonly ml: OptMl;

  constructor(
    private readonly arn: string,
    private readonly request: CreateProcessingJobRequest,
    machine: Machine,
    log: JobLog,
    private readonly folder: string,
  ) {
    super(machine, log);
    this.ml = new OptMl(join(folder, 'opt', 'ml'));
  }

  protected async prepare(): Promise<Program> {
    const { request, ml, machine, log, folder } = this;
    await emptyFolder(folder);
    await ml.make([ml.here('/opt/ml/processing'), ml.here('/opt/ml/config'), ml.here('/opt/ml/output')]);
    await this.writeConfiguration();
    for (const { S3Input: input } of request.ProcessingInputs ?? []) {
      await download(machine.s3, input as ProcessingS3Input, ml.here(input?.LocalPath as string), this.abort.signal);
    }
    for (const { LocalPath: path } of this.outputs) { await mkdir(ml.here(path as string), { recursive: true }); }
    this.abort.signal.throwIfAborted();
    return processingProgram({ request, machine, log, folder, ml, signal: this.abort.signal });
  }

  protected async leave(failure: string | undefined): Promise<ProcessingEnd> {
    let reason = failure;
    const isWhole = reason === undefined && !this.stopped;
    try {
      for (const output of this.outputs) {
        // What was to be uploaded all along is there even of a job that did not come to its end.
        if (isWhole || output.S3UploadMode === 'Continuous') { await uploadFolder(this.machine.s3, this.ml.here(output.LocalPath as string), output.S3Uri as string); }
      }
    } catch (error) {
      reason ??= `ClientError: Output upload failed: ${(error as Error).message}`;
    }
    const message = await readFile(this.ml.here('/opt/ml/output/message'), 'utf8').catch(() => '');
    await rm(this.folder, { recursive: true, force: true });
    return { reason, exitMessage: message === '' ? undefined : message.slice(0, LONGEST_MESSAGE) };
  }

  private get outputs(): ProcessingS3Output[] {
    return (this.request.ProcessingOutputConfig?.Outputs ?? []).map(({ S3Output }) => S3Output as ProcessingS3Output);
  }

  /** The two files by which SageMaker tells a processing container what it is. */
  private async writeConfiguration(): Promise<void> {
    const type = this.request.ProcessingResources?.ClusterConfig?.InstanceType;
    const files: Readonly<Record<string, unknown>> = {
      'processingjobconfig.json': { ProcessingJobArn: this.arn, ...this.request },
      'resourceconfig.json': {
        current_host: 'algo-1', current_instance_type: type, current_group_name: 'homogeneousCluster', hosts: ['algo-1'],
        instance_groups: [{ instance_group_name: 'homogeneousCluster', instance_type: type, hosts: ['algo-1'] }], network_interface_name: 'eth0',
      },
    };
    for (const [name, content] of Object.entries(files)) { await writeFile(join(this.ml.here('/opt/ml/config'), name), JSON.stringify(content)); }
  }
}

/** SageMaker keeps a kilobyte. */
const LONGEST_MESSAGE = 1024;
