import { join, resolve } from 'node:path';
import { LOCAL_MODES, type LocalMode } from '../lib/local/containers/containers';
import { Daemon } from '../lib/local/daemon';
import { LOCKED } from '../lib/local/server-file';
import { Locked } from '../lib/local/state-lock';

/** Started by the command line, in the background: `local-server <state folder> until-unneeded`. Without the second word it goes on until it is ended. */
async function main(): Promise<void> {
  const state = resolve(process.argv[2] ?? '.cdk-sagemaker');
  const idle = process.argv[3] === 'until-unneeded' ? A_MINUTE : undefined;
  const daemon = await Daemon.start({ state, idle, runner: join(__dirname, 'lambda-runner.js'), mode: modeOf(process.env.CDK_SAGEMAKER_LOCAL_MODE) });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) { process.on(signal, () => void daemon.close()); }
  await daemon.end;
  // Timers of what was under way would keep the process.
  process.exit(0);
}

const A_MINUTE = 60_000;

/** @throws Error for what is no mode */
function modeOf(text: string | undefined): LocalMode {
  const mode = LOCAL_MODES.find((each) => each === (text || 'auto'));
  if (mode === undefined) { throw new Error(`CDK_SAGEMAKER_LOCAL_MODE must be one of ${LOCAL_MODES.join(', ')}, got ${String(text)}`); }
  return mode;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(error instanceof Locked ? LOCKED : 1);
});
