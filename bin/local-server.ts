import { join, resolve } from 'node:path';
import { localMode } from '../lib/local/containers/containers';
import { Daemon } from '../lib/local/daemon';
import { LOCKED } from '../lib/local/server-file';
import { Locked } from '../lib/local/state-lock';

/** Started by the command line, in the background: `local-server <state folder> until-unneeded`. Without the second word it goes on until it is ended. */
async function main(): Promise<void> {
  const state = resolve(process.argv[2] ?? '.cdk-sagemaker');
  const idle = process.argv[3] === 'until-unneeded' ? A_MINUTE : undefined;
  const daemon = await Daemon.start({ state, idle, runner: join(__dirname, 'lambda-runner.js'), mode: modeOf(process.env.CDK_SAGEMAKER_LOCAL_MODE) });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) { process.on(signal, () => void daemon.close()); }
  let code = 0;
  process.on('uncaughtException', (error) => {
    code = 1;
    console.error(error);
    setTimeout(() => process.exit(code), ENDS_WITHIN).unref();
    void daemon.fail(error);
  });
  await daemon.end;
  // Timers of what was under way would keep the process.
  process.exit(code);
}

const A_MINUTE = 60_000;
/** One with a bug may not manage to end; what it has started does not outlive it either way. */
const ENDS_WITHIN = 10_000;

/** @throws Error for what is no mode */
const modeOf = (text: string | undefined) => localMode(text || 'auto', (rule) => new Error(`CDK_SAGEMAKER_LOCAL_MODE ${rule} ${String(text)}`));

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(error instanceof Locked ? LOCKED : 1);
});
