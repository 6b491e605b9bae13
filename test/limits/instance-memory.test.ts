import { hasGpus, memoryOfInstance } from '../../lib/limits/instance-memory';

const gibibytes = (type: string) => Math.round((memoryOfInstance(type) ?? NaN) / 2 ** 30 * 100) / 100;

describe('the memory of an instance type', () => {
  test.each([
    ['ml.t3.medium', 4], ['ml.t3.2xlarge', 32], ['ml.m5.large', 8], ['ml.m5.24xlarge', 384], ['ml.m4.10xlarge', 160], ['ml.m6i.xlarge', 16], ['ml.c4.8xlarge', 60], ['ml.c5.xlarge', 8], ['ml.c5.18xlarge', 144],
    ['ml.c5n.large', 5.25], ['ml.r5.16xlarge', 512], ['ml.g4dn.12xlarge', 192], ['ml.g5.48xlarge', 768], ['ml.g6e.xlarge', 32], ['ml.p3.2xlarge', 61], ['ml.p3dn.24xlarge', 768], ['ml.p4d.24xlarge', 1152],
    ['ml.p5.48xlarge', 2048], ['ml.inf1.6xlarge', 48], ['ml.inf2.8xlarge', 128], ['ml.trn1.32xlarge', 512],
  ])('is that of AWS for %s', (type, expected) => { expect(gibibytes(type)).toBe(expected); });

  test.each([undefined, 'local', 'ml.p9.xlarge', 'ml.m5.huge', 'm5.large'])('is not known of %s', (type) => { expect(memoryOfInstance(type)).toBeUndefined(); });

  test('is beside that of GPUs in families that have them', () => {
    expect(['ml.p3.2xlarge', 'ml.g5.xlarge', 'ml.m6g.large', 'ml.inf1.xlarge', undefined].map(hasGpus)).toEqual([true, true, false, false, false]);
  });
});
