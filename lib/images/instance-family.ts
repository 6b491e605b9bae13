import { supported, UnsupportedImage } from './unsupported-image';

/** Families of Graviton instances that have images of their own, and the frameworks that have such images. */
export const GRAVITON = {
  families: ['m6g', 'm6gd', 'c6g', 'c6gd', 'c6gn', 'c7g', 'r6g', 'r6gd'],
  frameworks: ['tensorflow', 'pytorch', 'xgboost', 'sklearn'],
};

/** `c5` of `ml.c5.xlarge` or of `ml_c5`; nothing of what is no instance type. */
export function familyOf(instanceType: string | undefined): string {
  return /^ml[._]([a-z\d-]+)\.?\w*$/.exec(instanceType ?? '')?.[1] ?? '';
}

/**
 * The part of a tag that says what an image computes with; undefined where the images don't differ by it.
 *
 * @param available what there are images for: kinds of processors, or families with images of their own
 */
export function processorOf(framework: string, available: readonly string[], options: { readonly instanceType?: string; readonly serverless?: boolean }): string | undefined {
  const { instanceType, serverless } = options;
  if (available.length === 0) { return undefined; }
  if (available.length === 1 && !instanceType) { return available[0]; }
  if (serverless) { return 'cpu'; }
  const kind = kindOf(instanceType, available);
  if (kind === undefined) {
    const rule = `be given like ml.c5.xlarge, or as local or local_gpu, for images of ${framework} differ by processor (${available.join(', ')})`;
    throw new UnsupportedImage(framework, 'instanceType', rule, instanceType);
  }
  if (available.includes(kind)) { return kind; }
  throw new UnsupportedImage(framework, 'instanceType', `have a processor that there are such images for (${available.join(', ')})`, `${instanceType} (${kind})`);
}

function kindOf(instanceType: string | undefined, available: readonly string[]): string | undefined {
  if (!instanceType) { return undefined; }
  if (instanceType.startsWith('local')) { return instanceType === 'local' ? 'cpu' : 'gpu'; }
  if (instanceType.startsWith('neuron')) { return 'neuron'; }
  const family = familyOf(instanceType);
  if (family === '' || available.includes(family)) { return family || undefined; }
  if (family.startsWith('inf')) { return 'inf'; }
  if (family.startsWith('trn')) { return 'trn'; }
  return /^[gp]/.test(family) ? 'gpu' : 'cpu';
}

/** Trainium trains PyTorch alone, and Graviton serves four frameworks, unless an image is named by its URI. */
export function checkFramework(framework: string, instanceType: string | undefined): void {
  if (instanceType?.includes('trn') && framework !== 'pytorch') {
    supported(framework, 'framework', framework, ['pytorch'], ` on the Trainium instance ${instanceType}`);
  }
  if (GRAVITON.families.includes(familyOf(instanceType))) {
    supported(framework, 'framework', framework, GRAVITON.frameworks, ` on the Graviton instance ${instanceType}`);
  }
}
