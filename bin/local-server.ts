import { join, resolve } from 'node:path';
import { Daemon } from '../lib/local/daemon';

/** Started by the command line, in the background: `local-server <state folder>`. */
async function main(): Promise<void> {
  const state = resolve(process.argv[2] ?? '.cdk-sagemaker');
  const daemon = await Daemon.start({ state, runner: join(__dirname, 'lambda-runner.js') });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) { process.on(signal, () => void daemon.close()); }
  await daemon.end;
  // Timers of what was under way would keep the process.
  process.exit(0);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
