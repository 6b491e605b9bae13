import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execFile } from 'node:child_process';
import type { LocalMode } from '../../../lib/local/containers/containers';
import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import { STACK_OPERATIONS } from '../../../lib/local/cloudformation/stacks-api';
import { LocalSsm } from '../../../lib/local/ssm/local-ssm';
import { StepFunctions } from '../../../lib/local/workflows/step-functions';
import { StepFunctionsApi } from '../../../lib/local/workflows/step-functions-api';
import { Daemon } from '../../../lib/local/daemon';
import { Server } from '../../../lib/local/cli/server';
import { writeAssembly } from '../../support/assembly';
import { endpointVariables, readServerInfo } from '../../../lib/local/server-file';

/** The whole local AWS, on a folder of its own, with the variables by which SDKs and the AWS CLI find it. */
export class LocalAws {
  public static async open(mode: LocalMode): Promise<LocalAws> {
    const folder = mkdtempSync(join(tmpdir(), 'local-aws-'));
    return new LocalAws(folder, await Daemon.start({ state: folder, runner: join(folder, 'no-functions-here'), mode }));
  }

  private constructor(private readonly folder: string, private readonly daemon: Daemon) {}

  public get environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH, HOME: this.folder,
      ...endpointVariables(readServerInfo(this.folder)!),
      AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', PYTHONDONTWRITEBYTECODE: '1',
    };
  }

  /** What went wrong in it rather than in a request. */
  public get problems(): string[] {
    return readFileSync(join(this.folder, 'server.log'), 'utf8').split('\n').filter((line) => /\bat .*\.ts:|Error:/.test(line));
  }

  /** What there is of the services around workflows. */
  public get operationNames(): { readonly [service: string]: readonly string[] } {
    const clock = SYSTEM_CLOCK;
    const ssm = new LocalSsm({ file: join(this.folder, 'ssm.json'), clock, region: 'us-east-1', accountId: '123456789012' });
    const steps = new StepFunctionsApi(new StepFunctions({ clock, invoke: () => Promise.resolve() }));
    return { ssm: ssm.operationNames, stepfunctions: steps.operationNames, cloudformation: STACK_OPERATIONS };
  }

  /** Deploys stacks one after the other: name -> template. */
  public async deploy(stacks: { readonly [name: string]: object }): Promise<void> {
    const assembly = join(this.folder, 'cdk.out');
    writeAssembly(assembly, stacks);
    const server = (await Server.running(this.folder))!;
    for (const id of Object.keys(stacks)) {
      const { stackId } = await server.command<{ stackId: string }>('deploy', { assembly, id });
      const news = () => server.command<{ isInProgress: boolean; status: string }>('news', { stackId, after: 1_000_000, wait: 1000 });
      let { isInProgress, status } = await news();
      while (isInProgress) { ({ isInProgress, status } = await news()); }
      if (status !== 'CREATE_COMPLETE') { throw new Error(`${id} is ${status}`); }
    }
  }

  public async close(): Promise<void> {
    await this.daemon.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What came of the cases of a Python program, and what it has called. */
export interface PlayedProgram {
  readonly errors: Readonly<Record<string, string | null>>;
  readonly called: readonly string[];
}

/** The cases of a program: the functions test_…, with the sentences that they begin with. */
export function casesOf(program: string): [string, string][] {
  return [...readFileSync(program, 'utf8').matchAll(/^def (test_\w+)\(\):\n {4}"""(.+)"""$/gm)].map(([, name, sentence]) => [name as string, sentence as string]);
}

/** Runs every case of a program. Other tests may run meanwhile: it takes as long as it takes. */
export function played(python: string, program: string, environment: NodeJS.ProcessEnv): Promise<PlayedProgram> {
  return new Promise((resolve, reject) => {
    execFile(python, [basename(program)], { cwd: dirname(program), env: environment, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null) { return reject(new Error(`${program}: ${error.message}\n${stderr}`)); }
      const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as { case?: string; error?: string | null; called?: string[] });
      const errors = Object.fromEntries(lines.flatMap(({ case: name, error: text = null }) => (name === undefined ? [] : [[name, text]])));
      return resolve({ errors, called: lines.at(-1)?.called ?? [] });
    });
  });
}
