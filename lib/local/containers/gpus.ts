import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Engine } from './engine';

/** Whether there is a GPU here, and containers of the engine can have it. */
export async function canUseGpus(engine: Engine, environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const listed = await promisify(execFile)('nvidia-smi', ['--list-gpus'], { env: environment }).catch(() => ({ stdout: '' }));
  if (!listed.stdout.startsWith('GPU ')) { return false; }
  return engine.name === 'podman' ? hasDeviceDescription() : /nvidia/.test(await engine.call(['info', '--format', '{{json .Runtimes}}']).catch(() => ''));
}

/** What nvidia-ctk writes down of the GPUs of a machine: without it podman does not know them. */
function hasDeviceDescription(): boolean {
  return ['/etc/cdi', '/var/run/cdi'].some((folder) => {
    try {
      return readdirSync(folder).some((name) => /nvidia.*\.(ya?ml|json)$/.test(name));
    } catch {
      return false;
    }
  });
}
