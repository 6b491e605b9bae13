import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Containers, type LocalMode } from '../../../lib/local/containers/containers';
import { ImageStore } from '../../../lib/local/images/image-store';
import { SageMakerBench } from './sagemaker-bench';

/** Debian with python3, made by .ci/run: there is no registry to pull from. */
export const TEST_IMAGE = 'localhost/cdk-sagemaker-test';

/** The command of an engine that has the image, and that can run it: not every machine lets it. */
export const ENGINE = [process.env.CDK_DOCKER ?? '', 'docker', 'podman'].find((program) => {
  try {
    if (program === '') { return false; }
    execFileSync(program, ['image', 'inspect', TEST_IMAGE], { stdio: 'ignore' });
    execFileSync(program, ['run', '--rm', '--network', 'none', TEST_IMAGE, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/**
 * Tests in containers of a real engine; skipped, with the reason in their name, where none has the image (`test/support/containers.sh` makes it).
 * With CDK_SAGEMAKER_CONTAINERS=required they fail.
 */
export function describeWithContainers(name: string, body: () => void): void {
  const isMissing = `no docker or podman here has the image ${TEST_IMAGE} and runs it`;
  if (ENGINE !== undefined) {
    describe(name, body);
  } else if (process.env.CDK_SAGEMAKER_CONTAINERS === 'required') {
    test(name, () => { throw new Error(isMissing); });
  } else {
    describe.skip(`${name} (${isMissing})`, body);
  }
}

/** What the engine says. */
export const engineSays = (...args: string[]) => execFileSync(ENGINE as string, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();

export interface ContainerBench {
  readonly bench: SageMakerBench;
  readonly containers: Containers;
  /** The URI of an image with these files, a Dockerfile among them. */
  readonly image: (name: string, files: Readonly<Record<string, string>>) => string;
  /** A new SageMaker on the same folder, as after a restart. */
  readonly reopen: () => void;
}

/** A local SageMaker with containers; afterwards nothing of it may be left in the engine. */
export async function withContainers(work: (place: ContainerBench) => Promise<void>, mode: LocalMode = 'container'): Promise<void> {
  const bench = await SageMakerBench.open();
  const images = new ImageStore(join(bench.folder, 'images'));
  const { containers, said } = await Containers.open({ mode, folder: bench.folder, images }, { ...process.env, CDK_DOCKER: ENGINE });
  if (containers === undefined) { throw new Error(said); }
  const reopen = () => { bench.reopen({ containers, images }); };
  reopen();
  const left = (kind: readonly string[]) => engineSays(...kind, '--quiet', '--filter', `label=${containers.label}`);
  try {
    await work({ bench, containers, reopen, image: (name, files) => imageOf(bench, images, name, files) });
    await bench.close();
    expect([left(['ps', '--all']), left(['network', 'ls'])]).toEqual(['', '']);
  } finally {
    await bench.close();
    await containers.close();
    await containers.removeImages();
  }
}

export function imageOf(bench: SageMakerBench, images: ImageStore, name: string, files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(bench.folder, 'context-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content, { mode: 0o755 });
  }
  images.put(name, '1', { directory });
  return `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}:1`;
}
