import type { Construct } from 'constructs';
import { familyOf } from './images/instance-family';
import { isToken, matches, refuse } from './request/checks';
import { checkGiven, TEXT } from './request/kinds';

/** Families whose instances have the accelerators of an AMI, by the word in its name. */
const HARDWARE: { readonly [word: string]: { readonly families: RegExp; readonly words: string } } = {
  gpu: { families: /^g[a-z]*\d|^p\d/, words: 'with GPUs' },
  neuron: { families: /^(inf2|trn\d)/, words: 'with Inferentia2 or Trainium' },
};

/**
 * The system that instances of an endpoint run: the versions of drivers and of CUDA.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
 *
 * @example
 * model.deploy('Endpoint', { instanceType: 'ml.g5.2xlarge', inferenceAmi: InferenceAmi.AL2023_GPU_4_1 });
 */
export class InferenceAmi {
  /** NVIDIA's driver 535 and CUDA 12.2. */
  public static readonly AL2_GPU_2 = InferenceAmi.of('al2-ami-sagemaker-inference-gpu-2');
  /** NVIDIA's driver 535 and CUDA 12.2, without what makes older drivers run newer CUDA. */
  public static readonly AL2_GPU_2_1 = InferenceAmi.of('al2-ami-sagemaker-inference-gpu-2-1');
  /** NVIDIA's driver 550 and CUDA 12.4. */
  public static readonly AL2_GPU_3_1 = InferenceAmi.of('al2-ami-sagemaker-inference-gpu-3-1');
  /** NVIDIA's driver 580 and CUDA 13.0. */
  public static readonly AL2023_GPU_4_1 = InferenceAmi.of('al2023-ami-sagemaker-inference-gpu-4-1');
  /** Neuron's driver 2.19, for Inferentia2 and Trainium. */
  public static readonly AL2_NEURON_2 = InferenceAmi.of('al2-ami-sagemaker-inference-neuron-2');

  /** Another one, by what the service calls it. */
  public static of(versionName: string): InferenceAmi {
    return new InferenceAmi(versionName);
  }

  private constructor(
    /** What the service calls it. */
    public readonly versionName: string,
  ) {}

  /**
   * Throws when it is for other accelerators than an instance has.
   *
   * @internal
   */
  public _check(config: Construct, prop: string, instanceTypes: readonly string[]): void {
    checkGiven(config, prop, this.versionName, TEXT);
    matches(config, prop, this.versionName, /^[a-z0-9]+(-[a-z0-9]+)*$/, 'the name of an AMI, for instance al2023-ami-sagemaker-inference-gpu-4-1');
    const hardware = HARDWARE[/-(gpu|neuron)-/.exec(this.versionName)?.[1] ?? ''];
    const other = instanceTypes.find((type) => hardware && !isToken(type) && !hardware.families.test(familyOf(type)));
    if (other !== undefined) { refuse(config, prop, `be left out for ${other}: ${this.versionName} is for instances ${hardware.words}`, this.versionName); }
  }
}
